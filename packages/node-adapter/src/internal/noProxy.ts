/**
 * Which hosts `NO_PROXY` excepts, in the forms that are in use: names, which cover what is under
 * them, `*`, addresses and networks, and any of the first and last two with a port.
 */
import { BlockList, isIP } from "node:net"
import { domainToASCII } from "node:url"

/** Whether a URL is for a host on the list. Entries are separated by commas or blanks. */
export const readNoProxy = (list: string): ((url: URL) => boolean) => {
  const entries = list
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .map(readEntry)
  return (url) => {
    const host = plainHost(url.hostname)
    const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port
    return entries.some((entry) => (entry.port ?? port) === port && entry.covers(host))
  }
}

interface Entry {
  readonly port: string | undefined
  /** Whether it is for a host, given in lower case, without brackets or a final dot. */
  readonly covers: (host: string) => boolean
}

const readEntry = (entry: string): Entry => {
  // Two colons and no brackets: an address of version 6, which has no port.
  const [, name = entry, port] =
    /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? ([] as ReadonlyArray<string>)
  return { port: port === undefined ? undefined : String(Number(port)), covers: covering(name) }
}

const covering = (name: string): Entry["covers"] => {
  if (name === "*") return () => true
  const [address = "", prefix] = name.replace(/[[\]]/g, "").split("/")
  const family = isIP(address)
  if (family !== 0) return inNetwork(address, family, prefix)
  // ".example.com" and "*.example.com" are for example.com as well, as curl and undici have it.
  const domain = plainHost(name.replace(/^\*?\./, ""))
  if (domain.startsWith("*")) return (host) => host.endsWith(domain.slice(1))
  return (host) => host === domain || host.endsWith(`.${domain}`)
}

const inNetwork = (address: string, family: number, prefix: string | undefined) => {
  const longest = family === 4 ? 32 : 128
  const length = prefix === undefined ? longest : Number(prefix)
  // Nothing is in a network that cannot be.
  if (prefix?.trim() === "" || !Number.isInteger(length) || length < 0 || length > longest) {
    return () => false
  }
  const network = new BlockList()
  network.addSubnet(address, length, ipVersion(family))
  return (host: string) => {
    const of = isIP(host)
    // An address of version 6 may stand for one of version 4, and not the other way round.
    return of >= family && network.check(host, ipVersion(of))
  }
}

const ipVersion = (family: number) => (family === 6 ? "ipv6" : "ipv4")

/** As two spellings of one name have it in common. */
const plainHost = (host: string): string => {
  const plain = host.replace(/^\[|\]$/g, "").replace(/\.$/, "")
  return domainToASCII(plain) || plain.toLowerCase()
}

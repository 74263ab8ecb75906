/**
 * The hosts that `NO_PROXY` lists, in the common forms: names (which also cover their subdomains),
 * `*`, addresses and networks. Each entry except a network may have a port.
 */
import { BlockList, isIP } from "node:net"
import { domainToASCII } from "node:url"

/**
 * Returns a function that says whether the host of a URL is on the list. Commas or spaces separate
 * the entries of the list.
 */
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
  /**
   * Whether the entry covers a host. The host is in lower case, without brackets or a final dot.
   */
  readonly covers: (host: string) => boolean
}

const readEntry = (entry: string): Entry => {
  // An entry with two colons and no brackets is an IPv6 address, which has no port.
  const [, name = entry, port] =
    /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? ([] as ReadonlyArray<string>)
  return { port: port === undefined ? undefined : String(Number(port)), covers: covering(name) }
}

const covering = (name: string): Entry["covers"] => {
  if (name === "*") return () => true
  const [address = "", prefix] = name.replace(/[[\]]/g, "").split("/")
  const family = isIP(address)
  if (family !== 0) return inNetwork(address, family, prefix)
  // ".example.com" and "*.example.com" also cover example.com, as in curl and undici.
  const domain = plainHost(name.replace(/^\*?\./, ""))
  if (domain.startsWith("*")) return (host) => host.endsWith(domain.slice(1))
  return (host) => host === domain || host.endsWith(`.${domain}`)
}

const inNetwork = (address: string, family: number, prefix: string | undefined) => {
  const longest = family === 4 ? 32 : 128
  const length = prefix === undefined ? longest : Number(prefix)
  // An invalid network contains no address.
  if (prefix?.trim() === "" || !Number.isInteger(length) || length < 0 || length > longest) {
    return () => false
  }
  const network = new BlockList()
  network.addSubnet(address, length, ipVersion(family))
  return (host: string) => {
    const of = isIP(host)
    // An IPv4 entry also covers the IPv4 addresses that IPv6 can express (`::ffff:10.0.0.1`). An
    // IPv6 entry covers no IPv4 address.
    return of >= family && network.check(host, ipVersion(of))
  }
}

const ipVersion = (family: number) => (family === 6 ? "ipv6" : "ipv4")

/** Returns the same text for all spellings of a name. */
const plainHost = (host: string): string => {
  const plain = host.replace(/^\[|\]$/g, "").replace(/\.$/, "")
  return domainToASCII(plain) || plain.toLowerCase()
}

/** Turns the errors of HTTP clients into errors of this library. */
import type { Secrets } from "../../HttpExchange.js"
import { isRecord } from "../../JsonValue.js"
import { TransportError } from "../../MetricsError.js"
import { lineOf } from "../redact/beginning.js"

export const noAnswer = (url: string, cause: unknown, secrets: Secrets): TransportError => {
  const { reason, problem, hint } = classify(cause)
  const text = lineOf(causeText(cause), secrets)
  return new TransportError({ reason, problem: `${problem} ${hostOf(url)}: ${text}`, hint })
}

export const brokenOff = (url: string, cause: unknown, secrets: Secrets): TransportError =>
  new TransportError({
    reason: "ConnectionLost",
    problem: `The connection to ${hostOf(url)} closed before the response was complete: ${lineOf(causeText(cause), secrets)}`,
    hint: "Try again. If the problem persists, check for a proxy or firewall between this machine and the API"
  })

interface Classification {
  readonly reason: TransportError["reason"]
  readonly problem: string
  readonly hint: string
}

/**
 * Classifies an error by the error codes of Node's sockets, Node's TLS and undici. Messages are not
 * used, because a message about any problem can contain the word "certificate". The only exception
 * is undici's message about a proxy (`refusingProxy`). The errors of browsers have no codes.
 */
const classify = (cause: unknown): Classification => {
  const causes = causesOf(cause)
  const has = (code: RegExp) =>
    causes.some((error) => typeof error["code"] === "string" && code.test(error["code"]))
  const status = causes.map(refusingProxy).find((status) => status !== undefined)
  if (status !== undefined) return status < 500 ? refusedByProxy(status) : unreachable
  if (has(certificateCodes)) {
    return {
      reason: "Insecure",
      problem: "Cannot verify the TLS certificate of",
      hint: "Check the base URL. If your company has its own certificate authority, set NODE_EXTRA_CA_CERTS"
    }
  }
  if (has(protocolCodes)) {
    return {
      reason: "Insecure",
      problem: "The TLS handshake failed with",
      hint: "Check the scheme and the port of the base URL. The server may not serve HTTPS there, or only with a TLS version that this client rejects"
    }
  }
  if (has(connectingCodes)) return unreachable
  if (has(/^(?:EPERM|EACCES|ERR_ACCESS_DENIED)$/)) return notPermitted
  return {
    reason: has(/^(?:ECONNRESET|ECONNABORTED|EPIPE|EPROTO|UND_ERR_SOCKET|ERR_SSL_.*)$/)
      ? "ConnectionLost"
      : "Unreachable",
    problem: "No response from",
    hint: "Try again. If the problem persists, check the base URL and the network"
  }
}

/**
 * Node's codes for certificate problems that OpenSSL finds (node:tls, "X509 certificate error
 * codes"), and for problems that Node finds itself.
 */
const certificateCodes =
  /^(?:CERT_|CRL_|UNABLE_TO_|ERROR_IN_C(?:ERT|RL)_|ERR_TLS_CERT_|ERR_SSL_.*CERT|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|UND_ERR_PRX_TLS$)/

/**
 * Codes of a TLS handshake that fails because client and server support different versions or
 * ciphers. OpenSSL's other errors, such as the error for a damaged record, can be transient.
 */
const protocolCodes =
  /^ERR_SSL_.*(?:VERSION|PROTOCOL|HANDSHAKE_FAILURE|UNRECOGNIZED_NAME|CIPHER|TOO_SMALL|TOO_WEAK|PACKET_LENGTH_TOO_LONG|HTTPS?_)/

const connectingCodes =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_.*|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT)$/

const unreachable: Classification = {
  reason: "Unreachable",
  problem: "Cannot connect to",
  hint: "Check the base URL, the network, and the proxy if there is one"
}

/**
 * The program has no permission to connect. Deno and Node can run a program without this
 * permission. A firewall can cause the same error codes.
 */
const notPermitted: Classification = {
  reason: "Unreachable",
  problem: "This program is not permitted to connect to",
  hint: "In Deno, add --allow-net. In Node with --permission, add --allow-net too. Otherwise check the firewall"
}

/**
 * The status with which a proxy refused a connection. undici reports this status only in the
 * message of an error.
 */
const refusingProxy = ({ code, message }: Readonly<Record<string, unknown>>) => {
  const found =
    (code === "UND_ERR_ABORTED" || code === "UND_ERR_INVALID_ARG") && typeof message === "string"
      ? /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(message)
      : null
  return found === null ? undefined : Number(found[1])
}

const refusedByProxy = (status: number): Classification =>
  status === 408 || status === 429
    ? unreachable
    : {
        reason: "ProxyRefused",
        problem: `The proxy refused to connect (status ${status}) to`,
        hint:
          status === 407
            ? "Check the user name and the password in the proxy's URL (HTTPS_PROXY, HTTP_PROXY)"
            : "Ask the proxy's administrator to let this machine connect to the API"
      }

/**
 * The texts of an error and of its causes. Only the texts are kept, because an error object can
 * refer to the request and its headers.
 */
const causeText = (cause: unknown): string => {
  const texts: Array<string> = []
  for (let error = cause; isRecord(error) && texts.length < 4; error = error["cause"]) {
    const parts = [error["code"], error["message"]].filter(
      (part): part is string => typeof part === "string" && part !== ""
    )
    if (parts.length > 0) texts.push(parts.join(" "))
    // If a host has several addresses and all of them refuse the connection, the error is an
    // AggregateError without a message.
    const [first] = Array.isArray(error["errors"]) ? error["errors"] : []
    if (parts.length < 2 && isRecord(first) && typeof first["message"] === "string") {
      texts.push(first["message"])
    }
  }
  return texts.length === 0 ? "no reason given" : texts.join(", ")
}

/**
 * An error, its causes, and the errors that an `AggregateError` contains. At most 32 errors are
 * returned.
 */
const causesOf = (cause: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  const found: Array<Readonly<Record<string, unknown>>> = []
  const next = [cause]
  while (next.length > 0 && found.length < 32) {
    const error = next.shift()
    if (!isRecord(error) || found.includes(error)) continue
    found.push(error)
    next.push(
      error["cause"],
      ...(Array.isArray(error["errors"]) ? error["errors"].slice(0, 32) : [])
    )
  }
  return found
}

/** The host of a URL, for messages. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "the API")

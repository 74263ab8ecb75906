/** What a transport fails with, told by what carried the request. */
import type { Secrets } from "../HttpExchange.js"
import { TransportError, type TransportReason } from "../MetricsError.js"
import { causeText } from "./causeText.js"
import { hostOf } from "./hostOf.js"
import { strikeOutText } from "./strikeOutText.js"

export const noAnswer = (url: string, cause: unknown, secrets: Secrets): TransportError => {
  const text = strikeOutText(causeText(cause), secrets)
  const { reason, problem, hint } = classify(text)
  return new TransportError({ reason, problem: `${problem} ${hostOf(url)}: ${text}`, hint })
}

export const brokenOff = (url: string, cause: unknown, secrets: Secrets): TransportError =>
  new TransportError({
    reason: "ConnectionLost",
    problem: `The connection to ${hostOf(url)} broke before the answer was complete: ${strikeOutText(causeText(cause), secrets)}`,
    hint: "Try again; if it stays so, look at what stands between here and the API"
  })

interface Classification {
  readonly reason: TransportReason
  readonly problem: string
  readonly hint: string
}

/** By the codes of Node's sockets, its TLS and undici; browsers give none and say as little as they can. */
const classify = (text: string): Classification => {
  if (
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT|Proxy response/.test(
      text
    )
  ) {
    return {
      reason: "Unreachable",
      problem: "Cannot connect to",
      hint: "Check the base URL, the network and, where there is one, the proxy"
    }
  }
  if (/CERT|SSL|TLS|UNABLE_TO_VERIFY|SELF_SIGNED/.test(text)) {
    return {
      reason: "Insecure",
      problem: "No trusted TLS connection to",
      hint: "Check the base URL; for a company's own certificate authority set NODE_EXTRA_CA_CERTS"
    }
  }
  return {
    reason: /ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed/.test(text)
      ? "ConnectionLost"
      : "Unreachable",
    problem: "No answer from",
    hint: "Try again; if it stays so, check the base URL and the network"
  }
}

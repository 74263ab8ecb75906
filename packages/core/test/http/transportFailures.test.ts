/** Tests that the reason of a failed request is found from error codes, never from messages. */
import { assert, describe, it } from "@effect/vitest"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import type { TransportError } from "@innerspace-metrics/core/MetricsError"
import * as FastCheck from "effect/FastCheck"

const failureOf = (cause: unknown) =>
  HttpExchange.noAnswer("https://api.example:8443/path", cause, [])

const coded = (code: unknown, message = "no", cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { code })

/** The codes of Node's sockets, its TLS and undici. */
const codes: { readonly [Reason in "Unreachable" | "ConnectionLost" | "Insecure"]: string } = {
  Unreachable:
    "ECONNREFUSED ENOTFOUND EAI_AGAIN EAI_FAIL EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN EADDRNOTAVAIL ETIMEDOUT UND_ERR_CONNECT_TIMEOUT HPE_INVALID_CONSTANT UND_ERR_DESTROYED ERR_TLS_HANDSHAKE_TIMEOUT EPERM EACCES ERR_ACCESS_DENIED SOMETHING_NEW",
  ConnectionLost:
    "ECONNRESET ECONNABORTED EPIPE EPROTO UND_ERR_SOCKET ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR ERR_SSL_UNEXPECTED_EOF_WHILE_READING",
  Insecure:
    "CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_REVOKED CERT_UNTRUSTED CERT_REJECTED CERT_SIGNATURE_FAILURE CERT_CHAIN_TOO_LONG CRL_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_GET_CRL ERROR_IN_CERT_NOT_AFTER_FIELD INVALID_CA INVALID_PURPOSE PATH_LENGTH_EXCEEDED HOSTNAME_MISMATCH ERR_TLS_CERT_ALTNAME_INVALID ERR_TLS_CERT_ALTNAME_FORMAT ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED UND_ERR_PRX_TLS ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_PACKET_LENGTH_TOO_LONG ERR_SSL_UNSUPPORTED_PROTOCOL ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE ERR_SSL_TLSV1_UNRECOGNIZED_NAME ERR_SSL_NO_SHARED_CIPHER ERR_SSL_EE_KEY_TOO_SMALL"
}

const known = Object.entries(codes).flatMap(([reason, names]) =>
  names.split(" ").map((code) => [code, reason] as const)
)

/** Messages that could mislead. */
const misleading = FastCheck.constantFrom(
  "Client network socket disconnected before secure TLS connection was established",
  "read ECONNRESET from CERT_HAS_EXPIRED",
  "connect ECONNREFUSED 127.0.0.1:443",
  "unable to verify the first certificate (SSL)",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "Proxy response (407) !== 200 when HTTP Tunneling",
  "other side closed",
  ""
)

/**
 * The forms in which a library passes on an error: unchanged, as the cause of another error, or in
 * a list of errors.
 */
const wrapped: ReadonlyArray<(error: Error) => unknown> = [
  (error) => error,
  (error) => new TypeError("fetch failed", { cause: error }),
  (error) => new Error("outer", { cause: new Error("inner", { cause: error }) }),
  (error) => new AggregateError([new Error("other"), error], ""),
  (error) => new TypeError("fetch failed", { cause: new AggregateError([error], "all") }),
  (error) => ({ message: "not an Error", cause: error })
]

describe("requests without a response", () => {
  for (const [code, reason] of known) {
    it(`the code ${code} is ${reason}, wherever it is in the error`, () => {
      for (const wrap of wrapped) {
        const error = failureOf(wrap(coded(code)))
        assert.strictEqual(error.reason, reason)
        assert.strictEqual(error.isRetryable, reason !== "Insecure")
        assert.include(error.problem, "api.example:8443")
      }
    })
  }

  it.prop(
    "a transport failure is classified by its code, whatever the message says",
    [FastCheck.constantFrom(...known), misleading, misleading, FastCheck.constantFrom(...wrapped)],
    ([[code, reason], message, outer, wrap]) => {
      const error = failureOf(new Error(outer, { cause: wrap(coded(code, message)) }))
      assert.strictEqual(error.reason, reason)
    }
  )

  it.prop(
    "a transport failure without a code is retryable, whatever the message says",
    [misleading, FastCheck.constantFrom(undefined, 20, null, "")],
    ([message, code]) => {
      const error = failureOf(new TypeError("fetch failed", { cause: coded(code, message) }))
      assert.deepStrictEqual([error.reason, error.isRetryable], ["Unreachable", true])
    }
  )

  it("a certificate failure has a hint about authorities, a protocol failure about the address", () => {
    assert.include(failureOf(coded("CERT_HAS_EXPIRED")).hint, "NODE_EXTRA_CA_CERTS")
    assert.include(failureOf(coded("ERR_SSL_WRONG_VERSION_NUMBER")).hint, "port")
    assert.notInclude(failureOf(coded("ERR_SSL_WRONG_VERSION_NUMBER")).hint, "CA_CERTS")
  })

  it.prop(
    "a proxy's refusal is final below 500, except for 408 and 429",
    [FastCheck.integer({ min: 300, max: 599 }), FastCheck.constantFrom(...wrapped)],
    ([status, wrap]) => {
      const message = `Proxy response (${status}) !== 200 when HTTP Tunneling`
      const error = failureOf(wrap(coded("UND_ERR_ABORTED", message)))
      const reason: TransportError["reason"] =
        status >= 500 || status === 408 || status === 429 ? "Unreachable" : "ProxyRefused"
      assert.strictEqual(error.reason, reason)
      assert.strictEqual(error.isRetryable, reason === "Unreachable")
      assert.include(error.hint, "proxy")
      if (status === 407) assert.match(error.hint, /password/)
    }
  )

  it.prop(
    "noAnswer returns an error for any cause",
    [FastCheck.anything({ withNullPrototype: true })],
    ([cause]) => {
      assert.strictEqual(failureOf(cause)._tag, "TransportError")
      assert.strictEqual(failureOf({ cause, errors: [cause], code: cause })._tag, "TransportError")
    }
  )

  it("noAnswer returns an error for causes in a circle, in a long chain, and in great number", () => {
    const circle = new Error("circle")
    circle.cause = circle
    let chain: unknown = coded("ECONNRESET")
    for (let depth = 0; depth < 10_000; depth++) chain = { cause: chain }
    const many = { errors: Array.from({ length: 1_000_000 }, () => circle) }
    for (const cause of [circle, chain, many, { errors: [many, chain] }]) {
      assert.strictEqual(failureOf(cause).reason, "Unreachable")
    }
  })
})

import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib"
import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { authorize, credentials, endpoints, post } from "../support/client.js"
import { rawPost } from "../support/nodeRequest.js"
import { startTimeout } from "../support/startTimeout.js"

const operation = {
  query:
    "{ building_features(limit: 3, where: {building_id: {_eq: 71}}) { building_id feature_name } }"
}

const row = `{"building_id":71,"feature_name":"weekly_frequency_dist"}`
const usualBody = `{"data":{"building_features":[${row}, ${row}, ${row}]}}`

const decoders = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }
const encodings = ["gzip", "deflate", "br"] as const

/** Injects a fault, sends the operation, and returns the response. */
const ask = (fault?: Fault.Fault, headers: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.Sandbox
    const credential = yield* authorize(sandbox, "v1")
    if (fault !== undefined) yield* sandbox.control.inject(fault)
    return yield* rawPost(endpoints(sandbox).v1.graphql, operation, {
      headers: { ...credential, ...headers }
    })
  })

const textOf = (fault: Fault.Fault) => Effect.map(ask(fault), ({ bytes }) => bytes.toString())

layer(Sandbox.layer(), { timeout: startTimeout })("faults in answers", (it) => {
  it.effect("without a fault the operation has this answer", () =>
    Effect.gen(function* () {
      const { bytes, headers, status } = yield* ask()
      assert.strictEqual(status, 200)
      assert.strictEqual(bytes.toString(), usualBody)
      assert.strictEqual(headers["content-type"], "application/json; charset=utf-8")
    })
  )

  it.effect("refused answers in Auth0's words, also on the sign-in host", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const token = (fault: Fault.Fault, url = endpoints(sandbox).v1.token) =>
        Effect.gen(function* () {
          yield* sandbox.control.inject(fault)
          const { json, status } = yield* post(url, credentials(sandbox))
          return { json, status }
        })
      assert.deepStrictEqual(yield* token(Fault.refused()), {
        status: 401,
        json: { error: "access_denied", error_description: "Unauthorized" }
      })
      const forbidden = yield* token(Fault.refused({ status: 403 }))
      assert.strictEqual(forbidden.status, 403)
      assert.match(JSON.stringify(forbidden.json), /access_denied.*client-grant/)
      const invalid = yield* token(Fault.refused({ status: 400 }))
      assert.strictEqual(invalid.status, 400)
      assert.deepInclude(invalid.json, { error: "invalid_request" })
      const people = Fault.refused({
        api: "login",
        status: 403,
        error: "invalid_grant",
        description: "Unknown or invalid refresh token."
      })
      assert.deepStrictEqual(yield* token(people, `${sandbox.urls.login}/oauth/token`), {
        status: 403,
        json: { error: "invalid_grant", error_description: "Unknown or invalid refresh token." }
      })
    })
  )

  it.effect("rateLimited sends Retry-After and x-ratelimit-reset unchanged, or not at all", () =>
    Effect.gen(function* () {
      for (const value of [7, -1, 1e21, "Wed, 01 Jan 2025 00:00:00 GMT", "soon", ""]) {
        const { headers, status } = yield* ask(
          Fault.rateLimited({ retryAfter: value, rateLimitReset: value })
        )
        assert.strictEqual(status, 429)
        assert.strictEqual(headers["retry-after"], String(value))
        assert.strictEqual(headers["x-ratelimit-reset"], String(value))
      }
      const { headers } = yield* ask(Fault.rateLimited())
      assert.notProperty(headers, "retry-after")
      assert.notProperty(headers, "x-ratelimit-reset")
    })
  )

  it.effect("html answers with a page and any status", () =>
    Effect.gen(function* () {
      for (const status of [200, 502]) {
        const answer = yield* ask(Fault.html({ status }))
        assert.strictEqual(answer.status, status)
        assert.match(answer.headers["content-type"] ?? "", /^text\/html/)
        assert.match(answer.bytes.toString(), /^<html>/)
      }
    })
  )

  it.effect("graphqlError and partialData answer with any code, without or with data", () =>
    Effect.gen(function* () {
      const error = yield* ask(Fault.graphqlError({ code: "postgres-error", message: "no" }))
      assert.strictEqual(error.status, 200)
      assert.strictEqual(
        error.bytes.toString(),
        `{"errors":[{"extensions":{"path":"$","code":"postgres-error"},"message":"no"}]}`
      )
      const overload = yield* ask(Fault.graphqlError({ code: "unexpected", status: 500 }))
      assert.strictEqual(overload.status, 500)
      assert.deepStrictEqual(JSON.parse(yield* textOf(Fault.partialData({ path: "$.x" }))), {
        ...JSON.parse(usualBody),
        errors: [
          {
            extensions: { path: "$.x", code: "remote-schema-error" },
            message: "The sandbox was told to fail"
          }
        ]
      })
    })
  )

  it.effect("redirect leads to the same origin or to another one", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const same = yield* ask(Fault.redirect({ location: "/elsewhere", status: 302 }))
      assert.deepStrictEqual([same.status, same.headers.location], [302, "/elsewhere"])
      const other = yield* ask(Fault.redirect({ location: sandbox.urls.v2 }))
      assert.deepStrictEqual([other.status, other.headers.location], [307, sandbox.urls.v2])
    })
  )

  it.effect("answer sends any bytes", () =>
    Effect.gen(function* () {
      const body = Uint8Array.of(0, 255, 254, 10)
      const { bytes, headers } = yield* ask(
        Fault.answer({ headers: { "content-encoding": "gzip" }, body })
      )
      assert.deepStrictEqual([...bytes], [...body])
      assert.strictEqual(headers["content-encoding"], "gzip")
    })
  )

  it.effect("override changes the status and the headers of the real answer", () =>
    Effect.gen(function* () {
      const changed = yield* ask(
        Fault.override({
          status: 500,
          headers: { "Content-Encoding": "gzip", "X-Request-Id": null }
        })
      )
      assert.strictEqual(changed.status, 500)
      assert.strictEqual(changed.headers["content-encoding"], "gzip")
      assert.notProperty(changed.headers, "x-request-id")
      assert.strictEqual(changed.bytes.toString(), usualBody)
      assert.strictEqual(
        (yield* ask(Fault.wrongContentType())).headers["content-type"],
        "text/html"
      )
      const none = yield* ask(Fault.wrongContentType({ contentType: null }))
      assert.notProperty(none.headers, "content-type")
      assert.strictEqual(none.bytes.toString(), usualBody)
    })
  )

  it.effect("faults of the body send damaged text with the correct content-length", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* textOf(Fault.emptyBody()), "")
      const malformed = yield* ask(Fault.malformedJson())
      assert.strictEqual(malformed.bytes.toString(), usualBody.slice(0, -1))
      assert.strictEqual(malformed.headers["content-length"], String(usualBody.length - 1))
      assert.strictEqual(
        yield* textOf(Fault.duplicateKeys()),
        `${usualBody.slice(0, -1)},"data":null}`
      )
      const { bytes } = yield* ask(Fault.invalidUtf8())
      assert.throws(() => new TextDecoder("utf8", { fatal: true }).decode(bytes))
      assert.strictEqual(
        new TextDecoder().decode(bytes),
        usualBody.replace(/"\}\]\}\}$/, '\ufffd"}]}}')
      )
      assert.strictEqual(
        yield* textOf(Fault.nestedJson({ depth: 3 })),
        usualBody.replace("71", "[[[]]]")
      )
      assert.isAbove((yield* textOf(Fault.nestedJson())).length, 200_000)
    })
  )

  it.effect("compressed compresses for a client that accepts it, or always", () =>
    Effect.gen(function* () {
      for (const encoding of encodings) {
        const fault = Fault.compressed({ encoding })
        const accepted = yield* ask(fault, { "accept-encoding": `${encoding};q=0.5, identity` })
        assert.strictEqual(accepted.headers["content-encoding"], encoding)
        assert.strictEqual(decoders[encoding](accepted.bytes).toString(), usualBody)
        for (const acceptEncoding of ["identity", `${encoding};q=0`, "*;q=0"]) {
          const plain = yield* ask(fault, { "accept-encoding": acceptEncoding })
          assert.notProperty(plain.headers, "content-encoding")
          assert.strictEqual(plain.bytes.toString(), usualBody)
        }
        const forced = yield* ask(Fault.compressed({ encoding, always: true }))
        assert.strictEqual(decoders[encoding](forced.bytes).toString(), usualBody)
      }
    })
  )

  it.effect(
    "compressionBomb sends a small body that decompresses to exactly the given bytes of JSON",
    () =>
      Effect.gen(function* () {
        for (const encoding of encodings) {
          const { bytes, headers } = yield* ask(
            Fault.compressionBomb({ bytes: 2_000_000, encoding })
          )
          assert.strictEqual(headers["content-encoding"], encoding)
          assert.isBelow(bytes.length, 50_000)
          const expanded = decoders[encoding](bytes)
          assert.strictEqual(expanded.length, 2_000_000)
          assert.property(JSON.parse(expanded.toString()), "data")
        }
      })
  )

  it.effect("faults apply to token answers in the same way", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const target = "token"
      const token = (fault: Fault.Fault) =>
        Effect.gen(function* () {
          yield* sandbox.control.inject(fault)
          return (yield* rawPost(endpoints(sandbox).v1.token, credentials(sandbox))).bytes
        })
      const usual = /^\{"access_token":"[^"]+","expires_in":86400,"token_type":"Bearer"\}$/
      assert.match(`${yield* token(Fault.malformedJson({ target }))}}`, usual)
      assert.match(
        String(yield* token(Fault.duplicateKeys({ target }))).replace(',"access_token":null', ""),
        usual
      )
      assert.match(String(yield* token(Fault.invalidUtf8({ target }))).replace("\ufffd", ""), usual)
      assert.match(
        gunzipSync(yield* token(Fault.compressed({ target, always: true }))).toString(),
        usual
      )
      assert.match(
        String(yield* token(Fault.nestedJson({ target, depth: 2 }))),
        /^\{"access_token":\[\[\]\],/
      )
    })
  )
})

/** Tests how the error of a call reports the codes, statuses and texts of a response. */
import { assert, describe, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { clientOver, typename } from "../support/transportClient.js"

const encode = (text: string) => new TextEncoder().encode(text)

/**
 * Returns the error of a call that makes one attempt and gets this response. The token of the call
 * is `token`.
 */
const errorOf = (
  status: number,
  body: string | Uint8Array,
  headers: { readonly [name: string]: string } = {}
) =>
  clientOver(
    () =>
      Effect.succeed({ status, headers, body: [typeof body === "string" ? encode(body) : body] }),
    { retry: RetryPolicy.none }
  ).pipe(Effect.flatMap((metrics) => Effect.flip(metrics.execute(typename))))

const graphQLError = (body: unknown, status = 200, headers?: { readonly [name: string]: string }) =>
  Effect.map(errorOf(status, JSON.stringify(body), headers), (error) =>
    error._tag === "GraphQLError" ? error : assert.fail(`${error._tag}: ${error.message}`)
  )

const responseError = (
  status: number,
  body: string | Uint8Array,
  headers?: { readonly [name: string]: string }
) =>
  Effect.map(errorOf(status, body, headers), (error) =>
    error._tag === "ResponseError" ? error : assert.fail(`${error._tag}: ${error.message}`)
  )

const errorWith = (code: unknown) => ({ errors: [{ message: "no", extensions: { code } }] })

/**
 * Hasura's error codes, by the reason of the error. The first element of each list says whether a
 * retry can help.
 */
const codes = {
  PermissionDenied: [
    false,
    "access-denied",
    "invalid-headers",
    "jwt-invalid-claims",
    "jwt-missing-role-claims",
    "permission-denied",
    "permission-error"
  ],
  Invalid: [
    false,
    "bad-request",
    "invalid-json",
    "not-found",
    "not-supported",
    "parse-failed",
    "unexpected-payload",
    "validation-failed"
  ],
  DataException: [false, "data-exception"],
  RateLimited: [true, "rate-limit-exceeded"],
  LimitExceeded: [false, "depth-limit-exceeded", "node-limit-exceeded", "time-limit-exceeded"],
  DatabaseUnavailable: [
    true,
    "concurrent-update",
    "connection-not-established",
    "postgres-error",
    "postgres-max-connections-error"
  ],
  Unexpected: [true, "unexpected"],
  Unknown: [false, "-limit-exceeded-not", "toString", "something-new"]
} as const

describe("error codes of GraphQL errors", () => {
  for (const [reason, [isRetryable, ...names]] of Object.entries(codes)) {
    it.effect(`the codes ${names.join(", ")} mean ${reason}`, () =>
      Effect.forEach(names, (code) =>
        Effect.map(graphQLError(errorWith(code)), (error) => {
          assert.strictEqual(error.reason, reason)
          assert.strictEqual(error.isRetryable, isRetryable)
          assert.include(error.problem, `no (${code})`)
          assert.match(error.hint, /^[A-Z].*[a-z]$/)
        })
      )
    )
  }

  const leavesItTo = (status: number, code: unknown) =>
    Effect.map(graphQLError(errorWith(code), status), (error) => {
      const reason = status === 429 ? "RateLimited" : status >= 500 ? "Unexpected" : "Unknown"
      assert.strictEqual(error.reason, reason)
      assert.strictEqual(error.status, status)
    })

  const without = FastCheck.constantFrom(undefined, "something-new", 7, null)

  it.effect.prop(
    "an unknown or missing code leaves the reason to the status",
    [without, FastCheck.integer({ min: 200, max: 599 }).filter((status) => status !== 401)],
    ([code, status]) => leavesItTo(status, code)
  )

  it.effect.prop(
    "an unknown or missing code leaves the reason to the status, at the edges of each class of status",
    [without],
    ([code]) =>
      Effect.forEach([200, 428, 429, 430, 499, 500], (status) => leavesItTo(status, code), {
        discard: true
      }),
    { fastCheck: { numRuns: 10 } }
  )

  it.effect("a known code takes precedence over the status", () =>
    Effect.map(graphQLError(errorWith("validation-failed"), 429), (error) =>
      assert.strictEqual(error.reason, "Invalid")
    )
  )
})

describe("errors of a response", () => {
  it.effect.prop(
    "GraphQL errors are counted, and at most a hundred are kept",
    [FastCheck.oneof(FastCheck.integer({ min: 1, max: 5 }), FastCheck.constantFrom(100, 101, 150))],
    ([count]) =>
      Effect.gen(function* () {
        const errors = Array.from({ length: count }, (_, index) => ({ message: `m${index}` }))
        const error = yield* graphQLError({ errors })
        assert.lengthOf(error.errors, Math.min(count, 100))
        assert.strictEqual(
          error.problem,
          `The API reported an error: m0${count === 1 ? "" : `, and ${count - 1} more`}`
        )
      })
  )

  it.effect("a GraphQL error has Hasura's path, or else GraphQL's", () =>
    Effect.gen(function* () {
      const entry = { message: "no", path: ["data", "t", 3], extensions: {} }
      const [both, own, none] = yield* Effect.forEach(
        [
          { ...entry, extensions: { path: "$.selectionSet.t" } },
          entry,
          { ...entry, path: { not: "a path" } }
        ],
        (entry) => graphQLError({ errors: [entry] })
      )
      assert.strictEqual(both?.errors[0]?.path, "$.selectionSet.t")
      assert.strictEqual(both?.problem, "The API reported an error: no at $.selectionSet.t")
      assert.strictEqual(own?.errors[0]?.path, "data.t.3")
      assert.deepStrictEqual(none?.errors, [{ message: "no", code: undefined, path: undefined }])
    })
  )

  it.effect("a message of the server that ends with a full stop has only one in the error", () =>
    Effect.gen(function* () {
      for (const [said, quoted] of [
        ["no rows.", "no rows"],
        ["no rows", "no rows"],
        ["no rows...", "no rows..."]
      ] as const) {
        const error = yield* graphQLError({ errors: [{ message: said }] })
        assert.strictEqual(error.problem, `The API reported an error: ${quoted}`)
        assert.strictEqual(error.message, `${error.problem}. ${error.hint}.`)
        assert.strictEqual(error.errors[0]?.message, said)
      }
    })
  )

  it.effect("GraphQL errors can have any shape", () =>
    Effect.gen(function* () {
      for (const [errors, message] of [
        [{ message: "alone" }, "alone"],
        ["text", '"text"'],
        [["text"], '"text"'],
        [[7], "7"],
        [[{}], "no message"],
        [[{ message: 7, extensions: 7 }], "no message"],
        [false, "false"],
        [[["x".repeat(1_000)]], `["${"x".repeat(198)}...`]
      ] as const) {
        const error = yield* graphQLError({ errors })
        assert.strictEqual(error.errors[0]?.message, message)
        assert.strictEqual(error.problem, `The API reported an error: ${message}`)
      }
    })
  )

  it.effect.prop(
    "long GraphQL errors are cut after the token is redacted",
    [FastCheck.integer({ min: 1_990, max: 2_010 })],
    ([length]) =>
      Effect.gen(function* () {
        const text = "x".repeat(length)
        const cut = length <= 2_000 ? text : `${"x".repeat(2_000)}...`
        const long = yield* graphQLError({
          errors: [{ message: text, extensions: { code: text, path: text } }]
        })
        assert.deepStrictEqual(long.errors, [{ message: cut, code: cut, path: cut }])
        const body = yield* graphQLError({
          errors: [
            { message: "token", extensions: { code: "token", path: ["a", "token"] } },
            "token"
          ],
          data: { token: ["token"] }
        })
        const struck = "<redacted>"
        assert.deepStrictEqual(body.errors, [
          { message: struck, code: struck, path: `a.${struck}` },
          { message: `"${struck}"`, code: undefined, path: undefined }
        ])
        assert.deepStrictEqual(body.data, { [struck]: [struck] })
      })
  )

  it.effect("a GraphQL error keeps the data that came with it", () =>
    Effect.gen(function* () {
      const data = { t: [1] }
      assert.deepStrictEqual((yield* graphQLError({ errors: [{}], data })).data, data)
      assert.isUndefined((yield* graphQLError({ errors: [{}], data: null })).data)
      assert.isUndefined((yield* graphQLError({ errors: [{}] })).data)
    })
  )

  it.effect("a response whose errors are null or an empty list has no errors", () =>
    Effect.gen(function* () {
      for (const errors of [null, []]) {
        const error = yield* responseError(200, JSON.stringify({ errors, data: null }))
        assert.strictEqual(error.reason, "NoData")
      }
    })
  )
})

describe("waits that a server asks for", () => {
  const coded = (code: string) => JSON.stringify(errorWith(code))

  for (const [name, status, body] of [
    ["a rate limit's code", 200, coded("rate-limit-exceeded")],
    ["a rate limit's status", 429, "slow down"],
    ["a server that is away", 503, "busy"],
    ["a database that is away", 200, coded("postgres-error")]
  ] as const) {
    it.effect(`a Retry-After with ${name} is on the error and in its hint`, () =>
      Effect.gen(function* () {
        const error = yield* errorOf(status, body, { "retry-after": "7" })
        assert.deepStrictEqual(error.retryAfter, Duration.seconds(7))
        assert.strictEqual(error.hint, "Try again in 7s")
        for (const headers of [{}, { "retry-after": "0" }]) {
          const without = yield* errorOf(status, body, headers)
          assert.notInclude(without.hint, "Come back")
          assert.notStrictEqual(without.hint, "")
        }
      })
    )
  }

  const quota = { "x-ratelimit-remaining": "98", "x-ratelimit-reset": "45" }

  for (const [name, status, body, isLimit] of [
    ["a rate limit's code", 200, coded("rate-limit-exceeded"), true],
    ["a rate limit's status", 429, "slow down", true],
    ["a rate limit's status with errors", 429, coded("anything"), true],
    ["a server that is away", 503, "busy", false],
    ["a query that is not valid", 200, coded("validation-failed"), false],
    ["a query that is not valid, with another status", 400, coded("validation-failed"), false],
    ["a refused permission", 403, '{"error":"no"}', false],
    ["a wrong address", 404, "", false],
    ["a limit of another kind", 200, coded("depth-limit-exceeded"), false],
    ["a database that is away", 200, coded("postgres-error"), false]
  ] as const) {
    it.effect(`a quota's reset time with ${name} is ${isLimit ? "a wait" : "ignored"}`, () =>
      Effect.gen(function* () {
        const error = yield* errorOf(status, body, quota)
        const usual = yield* errorOf(status, body)
        assert.deepStrictEqual(error.retryAfter, isLimit ? Duration.seconds(45) : undefined)
        assert.strictEqual(error.hint, isLimit ? "Try again in 45s" : usual.hint)
      })
    )
  }

  it.effect("a Retry-After with an error that is not retryable keeps the usual hint", () =>
    Effect.forEach(
      [
        [403, '{"error":"no"}'],
        [404, ""],
        [200, coded("validation-failed")]
      ] as const,
      ([status, body]) =>
        Effect.gen(function* () {
          const error = yield* errorOf(status, body, { "retry-after": "7" })
          assert.deepStrictEqual(error.retryAfter, Duration.seconds(7))
          assert.strictEqual(error.hint, (yield* errorOf(status, body)).hint)
        })
    )
  )
})

describe("statuses of responses without errors", () => {
  const meaning = (status: number) => {
    if (status === 429) return ["RateLimited", true, "Wait"] as const
    if (status === 408 || status >= 500) return ["Unavailable", true, "Try again"] as const
    if (status === 0 || (status >= 300 && status < 400)) {
      return ["Redirected", false, "base URL"] as const
    }
    // A body that is not JSON does not come from the API.
    if (status === 403) return ["UnexpectedStatus", false, "firewall"] as const
    if (status === 407) return ["UnexpectedStatus", false, "proxy"] as const
    if (status === 413 || status === 414 || status === 431) {
      return ["UnexpectedStatus", false, "fewer queries in one request"] as const
    }
    if (status === 404)
      return ["UnexpectedStatus", false, "base URL and the API generation"] as const
    return ["UnexpectedStatus", false, "base URL, and for a proxy or firewall"] as const
  }

  const says = (status: number) =>
    Effect.map(responseError(status, "  some\n text "), (error) => {
      const [reason, isRetryable, hint] = meaning(status)
      assert.strictEqual(error.reason, reason)
      assert.strictEqual(error.isRetryable, isRetryable)
      assert.include(error.hint, hint)
      assert.strictEqual(error.status, status)
      assert.strictEqual(error.excerpt, "some text")
      assert.strictEqual(error.problem, `The API responded with status ${status}`)
    })

  it.effect.prop(
    "the error of a response without errors names its status",
    [
      FastCheck.oneof(
        FastCheck.integer({ min: 100, max: 199 }),
        FastCheck.integer({ min: 300, max: 599 })
      ).filter((status) => status !== 401)
    ],
    ([status]) => says(status)
  )

  it.effect(
    "the error of a response without errors names its status, at the edges of each class of status",
    () =>
      Effect.forEach(
        [
          0, 199, 300, 399, 400, 402, 403, 404, 405, 407, 408, 409, 412, 413, 414, 415, 428, 429,
          430, 431, 432, 499, 500
        ],
        says
      )
  )

  it.effect(
    "the error of a status quotes one line of Hasura's REST message, and no other body",
    () =>
      Effect.gen(function* () {
        const long = "x".repeat(3_000)
        for (const [body, says] of [
          [JSON.stringify({ error: "no token of\n yours" }), ": no <redacted> of yours"],
          [JSON.stringify({ error: long }), `: ${"x".repeat(300)}`],
          [JSON.stringify({ error: "<p>no</p>" }), ": a page of markup"],
          [JSON.stringify({ error: 7 }), ""],
          ["[]", ""],
          [" ", ""]
        ] as const) {
          const error = yield* responseError(403, body)
          assert.strictEqual(error.problem, `The API responded with status 403${says}`)
        }
      })
  )

  it.effect("the statuses 404 and 403 have their own hints", () =>
    Effect.gen(function* () {
      const hints = yield* Effect.forEach([400, 402, 403, 404, 405], (status) =>
        Effect.map(responseError(status, ""), ({ hint }) => hint)
      )
      const [other, , ofPermission, ofAddress] = hints
      assert.deepStrictEqual(hints, [other, other, ofPermission, ofAddress, other])
      assert.strictEqual(new Set(hints).size, 3)
    })
  )
})

describe("refusals by a firewall or proxy", () => {
  it.effect("a refusal whose body is not JSON does not blame the credentials", () =>
    Effect.gen(function* () {
      const bodies = ["<html>Request blocked.</html>", "error code: 1020", "\ufeff<!doctype html>"]
      for (const status of [401, 403]) {
        for (const body of bodies) {
          const { hint, problem } = yield* errorOf(status, body)
          assert.include(hint, "firewall or proxy")
          assert.notInclude(hint, "credentials")
          assert.notInclude(problem, "The API refused")
        }
        for (const body of ['{"error":"no"}', '{"errors":[{"message":"no"}]}', "[]", "", " \n"]) {
          assert.notInclude((yield* errorOf(status, body)).hint, "firewall")
        }
      }
    })
  )
})

describe("tables of another generation", () => {
  const missing = (table: string, quote: string, type = "query_root") => ({
    errors: [
      {
        message: `field ${quote}${table}${quote} not found in type: ${quote}${type}${quote}`,
        extensions: { code: "validation-failed", path: `$.selectionSet.${table}` }
      }
    ]
  })
  const hintOn = (api: Api.Api, body: unknown) =>
    clientOver(
      () => Effect.succeed({ status: 200, headers: {}, body: [encode(JSON.stringify(body))] }),
      {
        api,
        retry: RetryPolicy.none
      }
    ).pipe(
      Effect.flatMap((metrics) => Effect.flip(metrics.execute(typename))),
      Effect.map(({ hint }) => hint)
    )

  for (const quote of ["'", '"', "\u0060"]) {
    it.effect(`the hint for a table of another generation names that generation (${quote})`, () =>
      Effect.gen(function* () {
        for (const table of ["BUILDING_INSIGHTS", "ZONES_aggregate", "SITES_by_pk"]) {
          assert.include(yield* hintOn(Api.v1, missing(table, quote)), `${table} looks like a`)
          assert.include(yield* hintOn(Api.v1, missing(table, quote)), "use Api.v2 or Api.v1_5")
        }
        for (const table of ["building_metrics", "zone_occupancy_aggregate"]) {
          for (const api of [Api.v1_5, Api.v2]) {
            assert.include(yield* hintOn(api, missing(table, quote)), "use Api.v1 for it")
          }
        }
      })
    )
  }

  it.effect(
    "the hint does not suggest another generation if the name fits this one or a column is missing",
    () =>
      Effect.gen(function* () {
        for (const [api, body] of [
          [Api.v1, missing("building_metric", "'")],
          [Api.v2, missing("BUILDING_INSIGHT", "'")],
          [Api.v1_5, missing("BUILDING_INSIGHT", "'")],
          [Api.v1, missing("METRIC", "'", "building_metrics")],
          [Api.v2, missing("metric", "'", "BUILDING_INSIGHTS")]
        ] as const) {
          assert.include(yield* hintOn(api, body), "Check the names against the API's schema")
        }
      })
  )
})

describe("refusals of the token", () => {
  it.effect("the error of a refused token quotes the API", () =>
    Effect.gen(function* () {
      const refusals = [
        [401, "", ""],
        [401, "<html>no</html>", ""],
        [401, '{"error":"expired"}', ": expired"],
        [401, '{"errors":[{"message":"late"}]}', ": late"],
        [401, '{"errors":[[]]}', ": []"],
        [200, '{"errors":[{"message":"late","extensions":{"code":"invalid-jwt"}}]}', ": late"],
        [
          400,
          '{"errors":[{"message":"first"},{"message":"late","extensions":{"code":"invalid-jwt"}}]}',
          ": first"
        ]
      ] as const
      for (const [status, body, says] of refusals) {
        const error = yield* errorOf(status, body)
        if (error._tag !== "AuthError") return assert.fail(error._tag)
        assert.strictEqual(error.reason, "TokenRefused")
        assert.strictEqual(error.status, status)
        const who = body.startsWith("<")
          ? "A firewall or proxy rejected the token"
          : "The API rejected the token"
        assert.strictEqual(error.problem, `${who}${says}`)
        assert.strictEqual(error.excerpt, body)
      }
    })
  )
})

describe("successes without data", () => {
  it.effect("the error of a success without data says what the response is", () =>
    Effect.gen(function* () {
      const problems = [
        ["", "NotJson", "The response is empty, not JSON"],
        ["<html>", "NotJson", "The response is not JSON"],
        ["7", "NoData", "The response has neither data nor errors"],
        ["{}", "NoData", "The response has neither data nor errors"],
        ['{"data":null}', "NoData", "The response has neither data nor errors"],
        [Uint8Array.of(0x61, 0xff), "NotJson", "The response is not UTF-8, so it is not JSON"]
      ] as const
      for (const status of [200, 204, 299]) {
        for (const [body, reason, problem] of problems) {
          const error = yield* responseError(status, body)
          assert.strictEqual(error.reason, reason)
          assert.strictEqual(error.problem, problem)
          assert.strictEqual(error.status, status)
          assert.strictEqual(error.excerpt, typeof body === "string" ? body : "a\ufffd")
          assert.isFalse(error.isRetryable)
          assert.include(error.hint, typeof body === "string" ? "base URL" : "proxy")
        }
      }
    })
  )
})

/**
 * Tests the order in which a call reads a response, and the reaction of a call to a refused token.
 */
import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/TestClock"
import { answer, answered, clientOver, typename } from "../support/transportClient.js"

const data = { __typename: "query_root" }

const invalid = [{ message: "wrong", extensions: { code: "validation-failed" } }]

/** A provider that returns another token after each refusal. */
const renewing = () => {
  let refusals = 0
  return Layer.succeed(TokenProvider.TokenProvider, {
    get: Effect.suspend(() =>
      AccessToken.make({
        value: Redacted.make(`token-${refusals}`),
        header: Api.v1.credential
      })
    ),
    invalidate: () => Effect.sync(() => refusals++)
  })
}

/**
 * Makes a client that gets these responses one after the other. Also returns the number of requests
 * that the client has sent.
 */
const scripted = (
  answers: ReadonlyArray<ReturnType<typeof answer>>,
  retry: RetryPolicy.RetryPolicy | undefined
) => {
  let requests = 0
  return Effect.map(
    clientOver(
      () => Effect.sync(() => answers[requests++] ?? answered),
      retry === undefined ? {} : { retry },
      renewing()
    ),
    (metrics) => ({ metrics, requests: () => requests })
  )
}

describe("order in which a response is read", () => {
  const statuses = FastCheck.integer({ min: 200, max: 599 }).filter((status) => status !== 401)

  it.effect.prop(
    "the errors of a response take precedence over its status and data",
    [statuses, FastCheck.constantFrom({}, { data }, { data: null })],
    ([status, beside]) =>
      Effect.gen(function* () {
        const body = JSON.stringify({ ...beside, errors: invalid })
        const { metrics } = yield* scripted([answer(status, body)], RetryPolicy.none)
        const error = yield* Effect.flip(metrics.execute(typename))
        assert.strictEqual(`${error._tag} ${error.reason}`, "GraphQLError Invalid")
      })
  )

  it.effect.prop(
    "without errors, the status of a response takes precedence over its data and over invalid JSON",
    [
      statuses.filter((status) => status > 299),
      FastCheck.constantFrom(JSON.stringify({ data }), "<html></html>", "{}", "")
    ],
    ([status, body]) =>
      Effect.gen(function* () {
        const { metrics } = yield* scripted([answer(status, body)], RetryPolicy.none)
        const error = yield* Effect.flip(metrics.execute(typename))
        if (error._tag !== "ResponseError") return assert.fail(error._tag)
        assert.strictEqual(error.status, status)
        assert.notInclude(["NotJson", "NoData"], error.reason)
      })
  )

  it.effect.prop(
    "without errors and with status 200, the data of a response is read",
    [
      FastCheck.integer({ min: 200, max: 299 }),
      FastCheck.constantFrom(
        [JSON.stringify({ data }), undefined],
        [JSON.stringify({ data, errors: [] }), undefined],
        [JSON.stringify({ data: null }), "NoData"],
        ["{}", "NoData"],
        ["<html></html>", "NotJson"],
        ["", "NotJson"]
      )
    ],
    ([status, [body, reason]]) =>
      Effect.gen(function* () {
        const { metrics } = yield* scripted([answer(status, body ?? "")], RetryPolicy.none)
        const result = yield* Effect.either(metrics.execute(typename))
        assert.strictEqual(result._tag === "Left" ? result.left.reason : undefined, reason)
      })
  )
})

describe("bodies", () => {
  /** Returns a response whose body arrived in pieces, cut at these places. */
  const inPieces = (
    status: number,
    bytes: Uint8Array,
    cuts: ReadonlyArray<number>
  ): ReturnType<typeof answer> => {
    const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]
    const collector = HttpExchange.collectBody(status, {}, { maxBodySize: bytes.length })
    places.slice(1).forEach((end, index) => {
      assert.isUndefined(collector.accept(bytes.slice(places[index], end)))
    })
    return { status, headers: {}, body: collector.chunks }
  }
  const echo = { document: "query { echo }", schema: Schema.Struct({ echo: Schema.String }) }

  it.effect.prop(
    "a body arrives unchanged however it is split, even with U+FFFD in it",
    [
      FastCheck.string({ unit: "binary" }).map((text) => `${text}\ufffd`),
      FastCheck.array(FastCheck.nat(500), { maxLength: 5 })
    ],
    ([text, cuts]) =>
      Effect.gen(function* () {
        const bytes = new TextEncoder().encode(JSON.stringify({ data: { echo: text } }))
        const { metrics } = yield* scripted([inPieces(200, bytes, cuts)], RetryPolicy.none)
        assert.strictEqual((yield* metrics.execute(echo)).echo, text)
      })
  )

  it.effect.prop(
    "a body that is not UTF-8 is not JSON, and other statuses keep their meaning",
    [
      FastCheck.constantFrom([0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80]),
      FastCheck.array(FastCheck.nat(50), { maxLength: 3 })
    ],
    ([wrong, cuts]) =>
      Effect.gen(function* () {
        const encode = (text: string) => [...new TextEncoder().encode(text)]
        const bytes = Uint8Array.from([
          ...encode('{"data":{"echo":"a'),
          ...wrong,
          ...encode('b"}}')
        ])
        const [ok, proxy] = yield* Effect.forEach([200, 503], (status) =>
          Effect.flatMap(
            scripted([inPieces(status, bytes, cuts)], RetryPolicy.none),
            ({ metrics }) => Effect.flip(metrics.execute(echo))
          )
        )
        assert.strictEqual(`${ok?._tag} ${ok?.reason}`, "ResponseError NotJson")
        assert.include(ok?.problem, "not UTF-8")
        assert.include(ok?.hint, "proxy")
        assert.strictEqual(`${proxy?._tag} ${proxy?.reason}`, "ResponseError Unavailable")
      })
  )
})

describe("refused tokens", () => {
  const refusal = FastCheck.constantFrom(
    answer(401, ""),
    answer(401, JSON.stringify({ data, errors: invalid })),
    answer(200, '{"errors":[{"message":"expired","extensions":{"code":"invalid-jwt"}}]}')
  )

  it.effect.prop(
    "a refused token is renewed and the request sent again, once per call, with retries before and after",
    [refusal, refusal, FastCheck.nat(2), FastCheck.nat(2)],
    ([first, second, before, after]) =>
      Effect.gen(function* () {
        const failing = (times: number) => Array.from({ length: times }, () => answer(503, ""))
        const retry = RetryPolicy.make({ baseDelay: 0, attempts: 10 })
        const once = yield* scripted([...failing(before), first, ...failing(after)], retry)
        yield* once.metrics.execute(typename)
        assert.strictEqual(once.requests(), before + 1 + after + 1)
        const twice = yield* scripted([...failing(before), first, ...failing(after), second], retry)
        const error = yield* Effect.flip(twice.metrics.execute(typename))
        assert.strictEqual(`${error._tag} ${error.reason}`, "AuthError TokenRefused")
        assert.strictEqual(twice.requests(), before + 1 + after + 1)
      })
  )
})

describe("retries", () => {
  it.effect("retries are on by default: up to three within the deadline of one minute", () =>
    Effect.gen(function* () {
      const { metrics, requests } = yield* scripted(
        Array.from({ length: 3 }, () => answer(503, "")),
        undefined
      )
      const call = yield* Effect.fork(metrics.execute(typename))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(call)
      assert.strictEqual(requests(), 4)
    })
  )
})

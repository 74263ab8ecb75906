/**
 * Tests every option of this package with values that its type forbids, but JavaScript and
 * configuration can pass.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import type * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { FileTokenStore, NodeMetrics, NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { documented } from "../support/client.js"

/** The wrong values. The name of a value identifies a case that fails. */
const values = {
  text: "s3cret",
  "an empty text": "",
  NaN: Number.NaN,
  "-1": -1,
  "0": 0,
  Infinity: Number.POSITIVE_INFINITY,
  null: null,
  true: true,
  "an object": {},
  "an array": [],
  "a symbol": Symbol("wrong"),
  "a function": () => 1
}

const wrongFor = (...right: ReadonlyArray<keyof typeof values>) =>
  Object.entries(values).filter(([name]) => !right.some((one) => one === name))

/** JavaScript does not check types. */
const untyped = <A>(value: unknown): A => value as A

const login = { clientId: "client", clientSecret: Redacted.make("secret") }

/**
 * Returns the error of a layer that cannot be built. The error must be typed, whatever the options
 * are.
 */
const errorOf = (
  build: () => Effect.Effect<unknown, unknown>,
  place: string
): Effect.Effect<ConfigurationError> =>
  Effect.map(Effect.exit(Effect.suspend(build)), (exit) => {
    const error = Exit.isFailure(exit)
      ? Option.getOrUndefined(Cause.failureOption(exit.cause))
      : "accepted"
    assert.instanceOf(error, ConfigurationError, `${place}: ${exit}`)
    return error
  })

const layerOf = (options: unknown) =>
  Effect.scoped(Layer.build(NodeMetrics.layer(untyped(options))))

const tokensOf = (options: unknown) =>
  Effect.scoped(
    NodeTokenProvider.makeWithTransport(
      untyped<HttpExchange.Transport>(() => () => {}),
      untyped(options)
    )
  )

const promiseOf = (options: unknown) =>
  Effect.tryPromise({
    try: async () => {
      await using client = createMetricsClient(untyped(options))
      return await client.query(documented)
    },
    catch: (reason) => reason
  })

describe("options with wrong values are errors that name them", () => {
  const cases: ReadonlyArray<
    readonly [string, ReadonlyArray<readonly [string, unknown]>, string?]
  > = [
    ["clientId", wrongFor("text"), "client"],
    ["clientSecret", wrongFor(), "client"],
    ["tokenStore", wrongFor()],
    ["api", wrongFor()],
    ["retry", wrongFor()],
    ["timeout", wrongFor("Infinity")],
    ["concurrency", wrongFor()]
  ]

  for (const [name, wrong, named = name] of cases) {
    it.effect(`a wrong ${name} is an error that names it`, () =>
      Effect.forEach(wrong, ([value, given]) =>
        Effect.gen(function* () {
          const place = `${name}: ${value}`
          const options = { ...login, [name]: given }
          const error = yield* errorOf(() => layerOf(options), place)
          assert.include(error.problem, named, place)
          // The error shows a wrong number, time or name, but only the type of a value that may be
          // a secret.
          if (["clientSecret", "tokenStore", "api", "retry"].includes(name)) {
            assert.notInclude(error.message, "s3cret", place)
          }
          if (name === "concurrency") return
          yield* errorOf(() => tokensOf(options), place)
          // A promise client accepts a secret as text.
          if (name === "clientSecret" && value === "text") return
          yield* errorOf(
            () =>
              promiseOf({ ...options, clientSecret: name === "clientSecret" ? given : "secret" }),
            place
          )
        })
      )
    )
  }

  it.effect("the option token must be an object", () =>
    Effect.forEach(
      [
        ...wrongFor("an object").map(
          ([value, token]) => [`token: ${value}`, "token", token] as const
        ),
        ...["renewBefore", "waitBefore", "timeout"].flatMap((name) =>
          wrongFor("Infinity", ...(name === "timeout" ? [] : (["0"] as const))).map(
            ([value, given]) => [`${name}: ${value}`, `token.${name}`, { [name]: given }] as const
          )
        ),
        ["retry", "token.retry.attempts", { retry: RetryPolicy.make({ attempts: 0 }) }] as const
      ],
      ([place, named, token]) =>
        Effect.map(
          errorOf(() => layerOf({ ...login, token }), place),
          ({ problem }) => assert.include(problem, named, place)
        )
    )
  )

  it.effect("options that are not an object are rejected", () =>
    Effect.forEach(wrongFor("an object"), ([value, given]) =>
      Effect.gen(function* () {
        for (const build of [layerOf, tokensOf, promiseOf]) {
          const { message } = yield* errorOf(() => build(given), value)
          assert.notInclude(message, "s3cret")
        }
      })
    )
  )

  it.effect("anything but a Config is rejected where a Config is required", () =>
    Effect.forEach(wrongFor(), ([value, given]) =>
      Effect.gen(function* () {
        yield* errorOf(
          () => Effect.scoped(Layer.build(NodeMetrics.layerConfig(untyped(given)))),
          value
        )
      })
    )
  )

  it.effect("the layer that gets a file store rejects its directory", () =>
    Effect.forEach(
      [...wrongFor(), ["a relative path", "./tokens"] as const],
      ([value, directory]) =>
        Effect.gen(function* () {
          const tokenStore = FileTokenStore.make({ directory: untyped(directory) })
          const error = yield* errorOf(() => layerOf({ ...login, tokenStore }), value)
          assert.include(error.problem, "directory", value)
          yield* errorOf(
            () =>
              Layer.build(FileTokenStore.layer({ directory: untyped(directory) })).pipe(
                Effect.scoped
              ),
            value
          )
          const key = yield* TokenStore.key(Api.v1, "client")
          assert.strictEqual((yield* Effect.flip(tokenStore.get(key)))._tag, "TokenStoreError")
        })
    )
  )
})

describe("misspelled options", () => {
  for (const [options, problem, hint] of [
    [{ timeOut: "20 seconds" }, "timeOut", "Use timeout"],
    [{ retries: 3 }, "retries", "Use retry"],
    [{ maxBodysize: 3 }, "maxBodysize", "Use maxBodySize"],
    [{ token: { renewbefore: 1 } }, "token.renewbefore", "Use token.renewBefore"],
    [{ retry: RetryPolicy.make(untyped({ attemps: 3 })) }, "retry.attemps", "Use retry.attempts"],
    [
      { rateLimit: { limit: 1, interval: 1, intervall: 2 } },
      "rateLimit.intervall",
      "Use rateLimit.interval"
    ],
    [{ somethingElse: 1 }, "somethingElse", "Use one of clientId, clientSecret"]
  ] as const) {
    it.effect(`the misspelled option ${problem} is rejected: ${hint}`, () =>
      Effect.map(
        errorOf(() => layerOf({ ...login, ...options }), problem),
        (error) => {
          assert.include(error.problem, `"${problem}"`)
          assert.include(error.hint, hint)
        }
      )
    )
  }
})

it.effect("valid options build a layer", () =>
  Effect.forEach(
    [
      {},
      { timeout: "1 second", token: {}, tokenStore: FileTokenStore.make() },
      { token: { renewBefore: 0, retry: RetryPolicy.none }, api: undefined, concurrency: undefined }
    ],
    (options) => layerOf({ ...login, ...options })
  )
)

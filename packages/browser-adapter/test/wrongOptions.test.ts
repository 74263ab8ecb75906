/**
 * Tests every option of this package with values that its type forbids, but JavaScript can pass.
 */
import { assert, describe, it } from "@effect/vitest"
import { BrowserMetrics, BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import * as Api from "@innerspace-metrics/core/Api"
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

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

const callback = async () => "token"

const auth0 = { getTokenSilently: callback }

const state = { get: () => "token", subscribe: () => () => {} }

const build = (options: unknown) =>
  Effect.scoped(Layer.build(BrowserMetrics.layer(untyped(options))))

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

const cases: ReadonlyArray<
  readonly [
    name: string,
    wrong: ReadonlyArray<readonly [string, unknown]>,
    named: string,
    options: (value: unknown) => unknown
  ]
> = [
  ["all options", wrongFor("an object"), "", (value) => value],
  ["token", wrongFor(), "", (token) => ({ token })],
  ...["timeout", "concurrency", "retry", "api"].map(
    (name) =>
      [
        name,
        wrongFor("Infinity"),
        name,
        (value: unknown) => ({ token: BrowserTokenProvider.fromCallback(callback), [name]: value })
      ] as const
  ),
  ...(["renewBefore", "waitBefore", "timeout", "retry", "tabs"] as const).flatMap((name) =>
    [BrowserTokenProvider.fromCallback, BrowserTokenProvider.fromAuth0].map(
      (from) =>
        [
          `${name} of a source`,
          wrongFor("Infinity", ...(name.endsWith("Before") ? (["0"] as const) : [])),
          name,
          (value: unknown) => ({
            token: from(untyped(from === BrowserTokenProvider.fromAuth0 ? auth0 : callback), {
              [name]: untyped<undefined>(value)
            })
          })
        ] as const
    )
  ),
  [
    "a callback",
    wrongFor("a function"),
    "callback",
    (value) => ({ token: BrowserTokenProvider.fromCallback(untyped(value)) })
  ],
  [
    "Auth0's client",
    wrongFor(),
    "getTokenSilently",
    (value) => ({ token: BrowserTokenProvider.fromAuth0(untyped(value)) })
  ],
  ...(["get", "subscribe"] as const).map(
    (name) =>
      [
        `${name} of a state`,
        wrongFor("a function"),
        name,
        (value: unknown) => ({
          token: BrowserTokenProvider.fromSubscribable({
            ...state,
            [name]: untyped<undefined>(value)
          })
        })
      ] as const
  ),
  [
    "a state",
    wrongFor(),
    "get",
    (value) => ({ token: BrowserTokenProvider.fromSubscribable(untyped(value)) })
  ],
  [
    "the timeout of a state",
    wrongFor("Infinity"),
    "timeout",
    (timeout) => ({
      token: BrowserTokenProvider.fromSubscribable(state, { timeout: untyped(timeout) })
    })
  ],
  [
    "options of a state",
    wrongFor("an object"),
    "options",
    (value) => ({ token: BrowserTokenProvider.fromSubscribable(state, untyped(value)) })
  ]
]

describe("options with wrong values are errors that name them", () => {
  for (const [name, wrong, named, optionsOf] of cases) {
    it.effect(`wrong values of ${name} are errors`, () =>
      Effect.forEach(wrong, ([value, given]) =>
        Effect.gen(function* () {
          const place = `${name}: ${value}`
          const error = yield* errorOf(() => build(optionsOf(given)), place)
          assert.include(error.problem, named, place)
          if (named !== "timeout" && named !== "concurrency" && !named.endsWith("Before")) {
            assert.notInclude(error.message, "s3cret", place)
          }
        })
      )
    )
  }

  it.effect("a promise client with wrong options rejects its calls", () =>
    Effect.forEach(wrongFor("an object"), ([value, given]) =>
      errorOf(
        () =>
          Effect.tryPromise({
            try: () =>
              createMetricsClient(untyped(given)).query(
                Query.from(building_metrics, {
                  select: ["metric_value"],
                  where: { building_id: 71 }
                })
              ),
            catch: (reason) => reason
          }),
        value
      )
    )
  )

  it.effect("a wrong static token is an error", () =>
    Effect.forEach(wrongFor(), ([value, token]) =>
      Effect.gen(function* () {
        const layer = BrowserTokenProvider.layerStatic(untyped(token))
        const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
        assert.strictEqual(error.reason, "InvalidAnswer", value)
        assert.notInclude(error.message, "s3cret", value)
      })
    )
  )
})

describe("misspelled options are errors with the nearest name", () => {
  const token = BrowserTokenProvider.fromCallback(callback)
  const unknown: ReadonlyArray<readonly [options: unknown, says: RegExp]> = [
    [{ token, timeuot: 5 }, /Unknown option "timeuot"\. Use timeout/],
    [{ token, baseURL: "https://api.example" }, /"baseURL"\. Use baseUrl/],
    [{ tokne: token }, /"tokne"\. Use token/],
    [{ token, clientSecret: "s3cret" }, /"clientSecret"\. Use one of api, baseUrl/],
    [{ token, rateLimit: { limit: 1, intervall: "1 second" } }, /"rateLimit\.intervall"/],
    [{ token, merge: { maxquery: 1 } }, /Use merge\.maxQueries/],
    [
      { token: BrowserTokenProvider.fromCallback(callback, untyped({ renewbefore: 1 })) },
      /Use renewBefore/
    ],
    [{ token: BrowserTokenProvider.fromAuth0(auth0, untyped({ tab: false })) }, /"tab"\. Use tabs/],
    [
      { token: BrowserTokenProvider.fromSubscribable(state, untyped({ timeouts: 1 })) },
      /Use timeout/
    ]
  ]
  for (const [options, says] of unknown) {
    it.effect(`a misspelled option: ${says}`, () =>
      Effect.map(
        errorOf(() => build(options), String(says)),
        (error) => {
          assert.match(error.message, says)
          assert.notInclude(error.message, "s3cret")
        }
      )
    )
  }

  it.effect("a misspelled option of the token's layer is an error", () =>
    Effect.map(
      errorOf(
        () => Effect.scoped(Layer.build(BrowserTokenProvider.layer(untyped({ token, apo: "v1" })))),
        "apo"
      ),
      (error) => assert.match(error.message, /"apo"\. Use api/)
    )
  )
})

it.effect("a source gets the API of a generation's name and a base URL", () =>
  Effect.gen(function* () {
    const given: Array<Api.Api> = []
    const source: BrowserTokenProvider.Source = (api) => {
      given.push(api)
      return BrowserTokenProvider.fromCallback(callback)(api)
    }
    const baseUrl = "https://api.example"
    yield* build({ token: source, api: "v2", baseUrl })
    yield* build({ token: source, baseUrl })
    assert.deepStrictEqual(given, [
      Api.withBaseUrl(Api.v2, baseUrl),
      Api.withBaseUrl(Api.v1, baseUrl)
    ])
  })
)

it.effect("valid options build a layer", () =>
  Effect.forEach(
    [
      BrowserTokenProvider.fromCallback(callback, { tabs: false, renewBefore: 0 }),
      BrowserTokenProvider.fromCallback(callback, { tabs: { identity: "person" } }),
      BrowserTokenProvider.fromAuth0(auth0, { retry: RetryPolicy.none, timeout: "1 second" }),
      BrowserTokenProvider.fromSubscribable(state, { timeout: 5 })
    ],
    (token) => build({ token, api: undefined })
  )
)

it.effect("a static token builds a layer", () =>
  Effect.scoped(Layer.build(BrowserTokenProvider.layerStatic(Redacted.make("token"))))
)

/**
 * Tests every option of core with values that its type forbids, but JavaScript and configuration
 * can pass.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as MetricsError from "@innerspace-metrics/core/MetricsError"
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { parse } from "graphql"
import { answered, clientOver, oneToken, typename } from "./support/transportClient.js"

/**
 * Wrong values. The name of a value identifies a case that fails. The list for an option leaves out
 * the values that the option accepts.
 */
const values = {
  text: "20 secs",
  "an empty text": "",
  NaN: Number.NaN,
  "-1": -1,
  "0": 0,
  "1.5": 1.5,
  Infinity: Number.POSITIVE_INFINITY,
  huge: Number.MAX_VALUE,
  null: null,
  true: true,
  "an object": {},
  "an array": [],
  "a negative duration": "-5 seconds",
  "a bigint": -1n,
  "a symbol": Symbol("wrong"),
  "a function": () => 1
}

type ValueName = keyof typeof values

const wrongFor = (...right: ReadonlyArray<ValueName>): ReadonlyArray<readonly [string, unknown]> =>
  Object.entries(values).filter(([name]) => !right.some((one) => one === name))

/** JavaScript checks no types. */
const untyped = <A>(value: unknown): A => value as A

const durations = wrongFor("0", "1.5", "Infinity", "huge")
const durationsAboveZero = wrongFor("1.5", "Infinity", "huge")
const counts = wrongFor()
const numbersAboveZero = wrongFor("1.5", "Infinity", "huge")
const flags = wrongFor("true")
const objects = wrongFor()

const retryFields: ReadonlyArray<readonly [string, ReadonlyArray<readonly [string, unknown]>]> = [
  ["attempts", counts],
  ["baseDelay", durations],
  ["maxDelay", durations],
  ["budget", wrongFor("0", "1.5", "Infinity", "huge")],
  ["deadline", durationsAboveZero]
]

/**
 * An option: its name, its wrong values, and a function that returns an options object with a value
 * of this option.
 */
type Option_ = readonly [
  name: string,
  wrong: ReadonlyArray<readonly [string, unknown]>,
  options: (value: unknown) => unknown
]

const retries = (within: (policy: unknown) => unknown): ReadonlyArray<Option_> => [
  ["retry", objects, within],
  ...retryFields.flatMap(
    ([name, wrong]): ReadonlyArray<Option_> => [
      [`retry.${name}`, wrong, (value) => within({ ...RetryPolicy.standard, [name]: value })],
      [`retry.${name}`, wrong, (value) => within(RetryPolicy.make({ [name]: value }))]
    ]
  )
]

const layerOptions: ReadonlyArray<Option_> = [
  ...retries((retry) => ({ retry })),
  ["timeout", durationsAboveZero, (timeout) => ({ timeout })],
  ["maxBodySize", numbersAboveZero, (maxBodySize) => ({ maxBodySize })],
  ["concurrency", counts, (concurrency) => ({ concurrency })],
  ["rateLimit", objects, (rateLimit) => ({ rateLimit })],
  ["rateLimit.limit", counts, (limit) => ({ rateLimit: { limit, interval: "1 second" } })],
  [
    "rateLimit.interval",
    wrongFor("1.5", "huge"),
    (interval) => ({ rateLimit: { limit: 1, interval } })
  ],
  ["traceHeaders", flags, (traceHeaders) => ({ traceHeaders })],
  ["merge", wrongFor("true", "an object"), (merge) => ({ merge })],
  ["merge.maxQueries", counts, (maxQueries) => ({ merge: { maxQueries } })],
  ["merge.maxSize", numbersAboveZero, (maxSize) => ({ merge: { maxSize } })],
  ["api", objects, (api) => ({ api })],
  [
    "api.version",
    wrongFor("text", "an empty text", "a negative duration"),
    (version) => ({ api: { ...Api.v1, version } })
  ],
  ["api.graphqlPath", wrongFor(), (graphqlPath) => ({ api: { ...Api.v1, graphqlPath } })],
  ["api.credential", objects, (credential) => ({ api: { ...Api.v1, credential } })],
  ["api.credential.name", wrongFor(), (name) => ({ api: { ...Api.v1, credential: { name } } })],
  [
    "api.credential.scheme",
    wrongFor(),
    (scheme) => ({ api: { ...Api.v1, credential: { name: "x", scheme } } })
  ],
  [
    "api.deprecation",
    wrongFor("an object"),
    (deprecation) => ({ api: { ...Api.v1, deprecation } })
  ],
  ["base URL", wrongFor(), (url) => ({ api: Api.withBaseUrl(Api.v1, untyped(url)) })]
]

/** Values that are not an object, in place of all options. */
const noOptions: ReadonlyArray<Option_> = [["options", wrongFor("an object"), (value) => value]]

/** Returns the typed error of an exit. Fails if the exit is a success or a defect. */
const errorOf = <A, E>(exit: Exit.Exit<A, E>, place: string): E => {
  assert.isTrue(Exit.isFailure(exit), `${place} is accepted`)
  const error = Exit.isFailure(exit) ? Cause.failureOption(exit.cause) : Option.none()
  assert.isTrue(
    Option.isSome(error),
    `${place}: ${Exit.isFailure(exit) ? Cause.pretty(exit.cause) : ""}`
  )
  return Option.getOrThrow(error)
}

const forEachWrong = <E, R>(
  options: ReadonlyArray<Option_>,
  use: (options: unknown) => Effect.Effect<unknown, E, R>,
  check: (error: E, name: string, place: string) => void
) =>
  Effect.forEach(
    options.flatMap(([name, wrong, from]) =>
      wrong.map(([value, given]) => [name, `${name}: ${value}`, from(given)] as const)
    ),
    ([name, place, given]) =>
      Effect.map(
        // With `suspend`, an exception of `use` becomes a defect, which `errorOf` rejects.
        Effect.exit(Effect.suspend(() => use(given))),
        (exit) => check(errorOf(exit, place), name, place)
      ),
    { discard: true }
  )

const isOfLayer = (error: unknown, name: string, place: string) => {
  assert.instanceOf(error, MetricsError.ConfigurationError, place)
  assert.include(error.problem, name, place)
  assert.notStrictEqual(error.hint, "")
}

const isOfCall = (error: unknown, name: string, place: string) => {
  assert.instanceOf(error, MetricsError.QueryError, place)
  assert.strictEqual(error.reason, "InvalidValue", place)
  assert.include(error.problem, name, place)
}

const neverAnswers: HttpExchange.Transport = () => () => {}

const query = Query.from(building_metrics, {
  select: ["metric_value"],
  where: { building_id: 71 },
  limit: 1
})

describe("invalid options of a layer", () => {
  it.scoped("an invalid option of MetricsClient is named", () =>
    forEachWrong(
      [...noOptions, ...layerOptions],
      (options) =>
        MetricsClient.makeWithTransport(neverAnswers, untyped(options)).pipe(
          Effect.provide([QueryBuilder.layer, oneToken])
        ),
      isOfLayer
    )
  )

  it.scoped("an invalid option of TokenProvider is named", () =>
    forEachWrong(
      [
        ...noOptions,
        ...retries((retry) => ({ retry })),
        ["renewBefore", durations, (renewBefore) => ({ renewBefore })],
        ["waitBefore", durations, (waitBefore) => ({ waitBefore })],
        ["timeout", durationsAboveZero, (timeout) => ({ timeout })],
        ["store", objects, (store) => ({ store })]
      ],
      (options) => Layer.build(TokenProvider.layer(Effect.never, untyped(options))),
      isOfLayer
    )
  )

  it.scoped("an invalid acquire of TokenProvider is named", () =>
    forEachWrong(
      [["acquire", wrongFor("a function"), (value) => value]],
      (acquire) => TokenProvider.cached(untyped<TokenProvider.Acquire>(acquire)),
      isOfLayer
    )
  )

  it.effect("an invalid option of HttpExchange is named", () =>
    forEachWrong(
      [...noOptions, ["maxBodySize", numbersAboveZero, (maxBodySize) => ({ maxBodySize })]],
      (options) =>
        Effect.provideService(
          HttpExchange.make(untyped(options)),
          HttpClient.HttpClient,
          HttpClient.make(() => Effect.never)
        ),
      isOfLayer
    )
  )

  it.effect("an invalid field of an Api and its token endpoint is named", () =>
    forEachWrong(
      [
        ["api.token", objects, (token) => token],
        ...(
          [
            ["path", wrongFor()],
            ["encoding", wrongFor()],
            ["grantType", wrongFor("text", "an empty text", "a negative duration")],
            ["audience", wrongFor("text", "an empty text", "a negative duration")],
            ["answer", wrongFor()]
          ] as const
        ).map(
          ([name, wrong]): Option_ => [
            `api.token.${name}`,
            wrong,
            (value) => ({ ...Api.v1.token, [name]: value })
          ]
        )
      ],
      (token) => Api.tokenUrl(untyped({ ...Api.v1, token })),
      isOfLayer
    )
  )

  it.effect("a value that is not a Config is named", () =>
    forEachWrong(
      [["config", wrongFor(), (value) => value]],
      (config) => LayerOptions.fromConfig(untyped(config)),
      isOfLayer
    )
  )

  it.effect("an invalid option of AccessToken is named", () =>
    forEachWrong(
      (["value", "header", "obtainedAt", "isShared"] as const).map(
        (name): Option_ => [
          name,
          name === "isShared" ? flags : wrongFor(),
          (value) => ({ value: Redacted.make("token"), header: Api.v1.credential, [name]: value })
        ]
      ),
      (options) => AccessToken.make(untyped(options)),
      (error, name, place) => {
        assert.strictEqual(error.reason, "InvalidAnswer", place)
        assert.include(error.problem, name, place)
      }
    )
  )
})

describe("the error of an invalid option", () => {
  const cases: ReadonlyArray<readonly [options: unknown, problem: string, hint: string]> = [
    ["s3cret", "The options argument is of type string", "Pass an object"],
    [{ timout: 5 }, 'Unknown option "timout"', "Use timeout"],
    [
      { rateLimit: { limit: 1, interval: "1 second", intervall: 5 } },
      'Unknown option "rateLimit.intervall"',
      "Use rateLimit.interval"
    ],
    [{ concurrency: "ten" }, 'concurrency is "ten"', "Pass a whole number above 0"],
    [{ retry: 5 }, "retry is of type number", "Pass what RetryPolicy.make returns"],
    [{ rateLimit: 5 }, "rateLimit is of type number", "Pass an object"]
  ]
  for (const [options, problem, hint] of cases) {
    it.effect(`the error says what to pass: ${problem}`, () =>
      Effect.gen(function* () {
        const error = yield* MetricsClient.makeWithTransport(neverAnswers, untyped(options)).pipe(
          Effect.provide([QueryBuilder.layer, oneToken]),
          Effect.flip
        )
        assert.strictEqual(error.reason, "InvalidOption")
        assert.strictEqual(error.problem, problem)
        assert.include(error.hint, hint)
      })
    )
  }
})

describe("invalid options of a call", () => {
  const client = clientOver(() => Effect.succeed(answered), {})
  const callOptions = [...noOptions, ...retries((retry) => ({ retry }))]

  it.effect("an invalid option of query is named", () =>
    Effect.flatMap(client, (metrics) =>
      forEachWrong(callOptions, (options) => metrics.query(query, untyped(options)), isOfCall)
    )
  )

  it.effect("an invalid option of queryAll is named", () =>
    Effect.flatMap(client, (metrics) =>
      forEachWrong(
        callOptions,
        (options) => metrics.queryAll({ query }, untyped(options)),
        isOfCall
      )
    )
  )

  it.effect("an invalid operationName of queryAll is named", () =>
    Effect.flatMap(client, (metrics) =>
      forEachWrong(
        [["operationName", wrongFor(), (operationName) => ({ operationName })]],
        (options) => metrics.queryAll({ query }, untyped(options)),
        (error, _, place) => {
          assert.instanceOf(error, MetricsError.QueryError, place)
          assert.match(error.problem, /operation ?name/i, place)
        }
      )
    )
  )

  it.effect("an invalid option of execute is named", () =>
    Effect.flatMap(client, (metrics) =>
      forEachWrong(callOptions, (options) => metrics.execute(typename, untyped(options)), isOfCall)
    )
  )

  it.effect("an invalid field of execute's request is named", () =>
    Effect.flatMap(client, (metrics) =>
      forEachWrong(
        [
          ["options", wrongFor("an object"), (value) => value],
          [
            "document",
            wrongFor("text", "an empty text", "a negative duration"),
            (document) => ({ ...typename, document })
          ],
          ["schema", wrongFor(), (schema) => ({ ...typename, schema })],
          [
            "operationName",
            wrongFor("text", "an empty text", "a negative duration"),
            (operationName) => ({ ...typename, operationName })
          ],
          ["variables", wrongFor("an object"), (variables) => ({ ...typename, variables })]
        ],
        (request) => metrics.execute(untyped<typeof typename>(request)),
        isOfCall
      )
    )
  )

  it.live("an invalid signal of a promise client is named", () =>
    Effect.promise(async () => {
      const metrics = PromiseClient.make(Layer.effect(MetricsClient.MetricsClient, client))
      for (const [name, signal] of wrongFor("null")) {
        const calls = [
          () => metrics.query(query, { signal: untyped(signal) }),
          () => metrics.execute(typename, { signal: untyped(signal) }),
          () => metrics.schema({ signal: untyped(signal) }),
          () =>
            metrics
              .stream(query, { signal: untyped(signal) })
              [Symbol.asyncIterator]()
              .next()
        ]
        for (const call of calls) {
          const error = await call().catch((reason: unknown) => reason)
          isOfCall(error, "signal", name)
        }
      }
      await metrics.close()
    })
  )
})

describe("valid options", () => {
  const right: ReadonlyArray<MetricsClient.Options> = [
    {},
    { timeout: 5, maxBodySize: 1_000.5, concurrency: 1, traceHeaders: true, merge: false },
    { timeout: "20 seconds", maxBodySize: Number.POSITIVE_INFINITY, merge: { maxQueries: 1 } },
    { timeout: Duration.infinity, merge: { maxSize: 1 }, rateLimit: { limit: 9, interval: 1n } },
    { timeout: [1, 0], merge: true, retry: RetryPolicy.none },
    { retry: RetryPolicy.make({ attempts: 1, baseDelay: 0, budget: 0, deadline: "1 hour" }) },
    untyped({ timeout: undefined, retry: { ...RetryPolicy.standard, deadline: "1 minute" } })
  ]

  it.effect("the layer accepts all valid options", () =>
    Effect.forEach(right, (options) =>
      Effect.flatMap(
        clientOver(() => Effect.succeed(answered), options),
        (metrics) => metrics.execute(typename)
      )
    )
  )

  it.scoped("a TokenProvider accepts an Effect or a function, and a place of a store", () =>
    Effect.gen(function* () {
      const store = TokenStore.place(
        yield* TokenStore.makeMemory,
        yield* TokenStore.key(Api.v1, "client")
      )
      yield* TokenProvider.cached(Effect.never, { store })
      yield* TokenProvider.cached(() => Effect.never, { store })
    })
  )

  it.effect("a token endpoint accepts both encodings, and only a list of text as keys", () =>
    Effect.gen(function* () {
      const tokenUrl = (token: unknown) =>
        Api.tokenUrl(untyped({ ...Api.v1, token: { ...Api.v1.token, ...Object(token) } }))
      yield* tokenUrl({ encoding: "form" })
      yield* tokenUrl({ encoding: "json" })
      const error = yield* Effect.flip(tokenUrl({ answer: ["access_token", 1] }))
      assert.strictEqual(error.hint, "Pass a list of keys")
    })
  )

  it.effect("execute accepts text or a DocumentNode, and sends the variables", () =>
    Effect.gen(function* () {
      const sent: Array<unknown> = []
      const metrics = yield* clientOver((request) => {
        sent.push(JSON.parse(request.body).variables)
        return Effect.succeed(answered)
      }, {})
      yield* metrics.execute({ ...typename, document: parse(typename.document) })
      yield* metrics.execute({ ...typename, variables: { building: 71 } })
      assert.deepStrictEqual(sent, [{}, { building: 71 }])
    })
  )

  it.effect("a call accepts a deadline in any form of Effect's durations", () =>
    Effect.flatMap(
      clientOver(() => Effect.succeed(answered), {}),
      (metrics) =>
        Effect.forEach(
          ["1 minute", 60_000, 60_000_000_000n, [60, 0], Duration.minutes(1), Duration.infinity],
          (deadline) =>
            metrics.execute(typename, untyped({ retry: { ...RetryPolicy.standard, deadline } }))
        )
    )
  )
})

describe("a RetryPolicy made from a value that is not an object", () => {
  it.effect("a call reports a RetryPolicy made from a value that is not an object", () =>
    forEachWrong(
      [["retry", wrongFor("an object"), (value) => value]],
      (options) =>
        Effect.flatMap(
          clientOver(() => Effect.succeed(answered), {}),
          (metrics) => metrics.execute(typename, { retry: RetryPolicy.make(untyped(options)) })
        ),
      isOfCall
    )
  )

  it.effect("a stream reports a RetryPolicy made from a value that is not an object", () =>
    Effect.gen(function* () {
      const metrics = yield* clientOver(() => Effect.succeed(answered), {})
      const day = Query.from(building_metrics, {
        select: ["metric_value"],
        where: {
          building_id: 71,
          metric_name: "occupancy_mean",
          granularity: "PT1H",
          group_id: "all",
          date_time_start: TimeRange.between(new Date("2024-01-01"), new Date("2024-01-02"))
        }
      })
      const rows = metrics.stream(day, { retry: untyped({ attempts: 2 }) })
      const error = yield* Effect.flip(Stream.runDrain(rows))
      isOfCall(error, "retry.baseDelay", "stream")
    })
  )
})

describe("stores with missing functions", () => {
  const key = Either.getOrThrow(TokenStore.key(Api.v1, "client"))

  it.scoped("a TokenStore with missing functions fails with a TokenStoreError", () =>
    Effect.forEach(
      wrongFor(),
      ([name, texts]) => {
        const store = TokenStore.make(untyped(texts))
        const token = AccessToken.make({
          value: Redacted.make("token"),
          header: Api.v1.credential
        })
        return Effect.forEach(
          [
            store.get(key),
            Effect.flatMap(token, (token) => store.set(key, token)),
            Effect.flatMap(token, (token) => store.remove(key, token)),
            store.lock(key)
          ],
          (use) =>
            Effect.map(Effect.exit(use), (exit) =>
              assert.strictEqual(errorOf(exit, name)._tag, "TokenStoreError")
            )
        )
      },
      { discard: true }
    )
  )

  it.effect("TokenStore.key fails for a client id that is not a string", () =>
    forEachWrong(
      [["clientId", wrongFor("text", "an empty text", "a negative duration"), (value) => value]],
      (clientId) => TokenStore.key(Api.v1, untyped(clientId)),
      isOfLayer
    )
  )
})

it("a value in place of an object is not shown, because it may be a secret", () => {
  const checked = LayerOptions.check(
    {
      "token?": [isRecord, undefined, LayerOptions.cached],
      timeout: LayerOptions.isDurationAboveZero
    },
    { token: "s3cret" }
  )
  assert.isTrue(Either.isLeft(checked))
  assert.notInclude(String(checked), "s3cret")
})

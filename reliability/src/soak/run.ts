/**
 * Runs many callers for a long time. Tokens are valid only for a few seconds, and faults of all
 * kinds occur.
 */
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Telemetry from "@innerspace-metrics/core/Telemetry"
import { TokenProvider } from "@innerspace-metrics/core/TokenProvider"
import * as NodeTokenProvider from "@innerspace-metrics/node-adapter/NodeTokenProvider"
import * as UndiciHttpClient from "@innerspace-metrics/node-adapter/UndiciHttpClient"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Held from "../held.js"
import type { Summary } from "../messages.js"
import type { Sandbox } from "../sandbox.js"
import { calls, type KnownCall } from "./calls.js"
import { faults, outage } from "./faults.js"
import { heap } from "./memory.js"
import * as ObservedTokens from "./observedTokens.js"
import { account, lifetimeSeconds, type TokenAccount } from "./tokens.js"

/** The number of callers. Each caller makes one call after the other. */
export const concurrency = 200

/** The seed that determines which calls are made. */
const seed = 20_240_401

/** The API is down once in each tenth of the run, for this share of the tenth. */
const outageShare = 1 / 20

export const retry = RetryPolicy.standard

export interface Soak {
  readonly seconds: number
  readonly started: number
  /** The outcomes of calls: `rows`, or the tag and reason of an error. */
  readonly outcomes: ReadonlyMap<string, number>
  /** The first wrong outcome of each kind. */
  readonly wrong: ReadonlyArray<string>
  /** Memory in bytes after each half of the run, with no call in flight. */
  readonly heaps: readonly [number, number]
  readonly retries: number
  readonly retriesRefused: number
  readonly replays: number
  readonly summary: Summary
  readonly tokens: TokenAccount
  /** The resources that were still held after the client was closed. */
  readonly leaks: ReadonlyArray<string>
}

/**
 * A client from the same parts as `NodeMetrics`. The parts are separate here, so that the tokens
 * can be observed.
 */
const client = (sandbox: Sandbox) =>
  Effect.gen(function* () {
    const api = Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, sandbox.address.urls.v1))
    const http = yield* Layer.build(UndiciHttpClient.layer)
    const tokens = yield* Effect.map(
      NodeTokenProvider.make({
        clientId: sandbox.address.clientId,
        clientSecret: Redacted.make(sandbox.address.clientSecret),
        api
      }),
      ObservedTokens.observed
    ).pipe(Effect.provide(http))
    const metrics = yield* MetricsClient.make({ api, retry }).pipe(
      Effect.provideService(TokenProvider, tokens.provider),
      Effect.provide(Layer.succeedContext(http)),
      Effect.provide(QueryBuilder.layer)
    )
    return { metrics, tokens }
  })

/** The right results as text, from a server without faults. */
const rightAnswers = (sandbox: Sandbox) =>
  Effect.scoped(
    Effect.flatMap(client(sandbox), ({ metrics }) =>
      Effect.forEach(calls, (call) => Effect.map(call.make(metrics), text), { concurrency: 8 })
    )
  )

const text = (value: unknown): string => JSON.stringify(value) ?? "nothing"

export const run = (sandbox: Sandbox, seconds: number) =>
  Effect.gen(function* () {
    const answers = yield* rightAnswers(sandbox)
    yield* sandbox.reset
    const before = yield* Held.now(sandbox)
    const countersBefore = yield* counters
    const outcomes = new Map<string, number>()
    const wrong = new Map<string, string>()
    let started = 0

    const note = (
      call: KnownCall,
      right: string | undefined,
      exit: Exit.Exit<unknown, unknown>
    ) => {
      const outcome = outcomeOf(exit)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      if (Exit.isSuccess(exit) && text(exit.value) !== right) {
        wrong.set(call.name, `${call.name} returned ${text(exit.value).slice(0, 200)}`)
      }
    }

    const begun = yield* Clock.currentTimeMillis
    const caller = (metrics: MetricsClient.MetricsClient, end: number) =>
      Effect.gen(function* () {
        while ((yield* Clock.currentTimeMillis) < end) {
          const index = yield* Random.nextIntBetween(0, calls.length)
          const call = calls[index]
          if (call === undefined) continue
          started++
          note(call, answers[index], yield* Effect.exit(call.make(metrics)))
        }
      })
    const tenth = seconds / 10
    const outages = Effect.gen(function* () {
      for (let passed = 0; passed < 5; passed++) {
        yield* Effect.sleep(tenth * 500)
        yield* sandbox.inject([outage(tenth * outageShare)])
        yield* Effect.sleep(tenth * 500)
      }
    })
    /**
     * Runs one half of the soak. It ends when the last call has ended. Memory is measured after
     * that, because calls in flight need memory that is not a leak.
     */
    const half = (metrics: MetricsClient.MetricsClient) =>
      Effect.gen(function* () {
        const end = (yield* Clock.currentTimeMillis) + seconds * 500
        yield* Effect.all(
          [
            Effect.replicateEffect(caller(metrics, end), concurrency, {
              concurrency: "unbounded",
              discard: true
            }),
            outages
          ],
          { concurrency: "unbounded", discard: true }
        )
        return heap()
      })
    const { heaps, tokens } = yield* Effect.scoped(
      Effect.gen(function* () {
        const { metrics, tokens } = yield* client(sandbox)
        // A client keeps the schema permanently. It is fetched here, because a first fetch in the
        // second half would look like a leak.
        yield* metrics.schema
        yield* sandbox.setTokenLifetime(lifetimeSeconds)
        yield* sandbox.expireTokens
        yield* sandbox.inject(faults)
        const heaps = [yield* half(metrics), yield* half(metrics)] as const
        return { heaps, tokens }
      })
    )
    const ended = yield* Clock.currentTimeMillis
    const summary = yield* sandbox.summary
    const countersAfter = yield* counters
    yield* sandbox.clearFaults
    return {
      seconds: (ended - begun) / 1000,
      started,
      outcomes,
      wrong: [...wrong.values()],
      heaps,
      retries: countersAfter.retries - countersBefore.retries,
      retriesRefused: countersAfter.retriesRefused - countersBefore.retriesRefused,
      replays: countersAfter.replays - countersBefore.replays,
      summary,
      tokens: account(summary.tokenRequests, tokens.used()),
      leaks: yield* Held.beyond(sandbox, before)
    } satisfies Soak
  }).pipe(Effect.withRandom(Random.make(seed)))

const counters = Effect.all({
  retries: Effect.map(Metric.value(Telemetry.retries), ({ count }) => count),
  retriesRefused: Effect.map(Metric.value(Telemetry.retriesRefused), ({ count }) => count),
  replays: Effect.map(Metric.value(Telemetry.replays), ({ count }) => count)
})

const outcomeOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "rows"
  return Option.match(Cause.failureOption(exit.cause), {
    onNone: () => `defect: ${exit.cause.toString()}`,
    onSome: (error) => {
      const { _tag, reason } = Object(error)
      return typeof _tag === "string" ? `${_tag}.${reason}` : `not a typed error: ${String(error)}`
    }
  })
}

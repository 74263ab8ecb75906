/** Runs one cell of the matrix of sign-ins: a flow with a fault. */
import * as Api from "@innerspace-metrics/core/Api"
import * as NodeTokenProvider from "@innerspace-metrics/node-adapter/NodeTokenProvider"
import * as WebSessions from "@innerspace-metrics/node-adapter/WebSessions"
import type * as Fault from "@innerspace-metrics/sandbox/Fault"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Held from "../held.js"
import { type Row, rows } from "../matrix/rows.js"
import type { Persistence, Signal } from "../matrix/signals.js"
import type { Sandbox } from "../sandbox.js"
import { enterCode, signInAt } from "./person.js"
import { type Expected, expected, type Flow, flows, statusOf } from "./rule.js"

export interface Place {
  readonly row: Row
  readonly flow: Flow
  readonly persistence: Persistence
}

const persistences = ["once", "stays"] as const

export const cellsOf = (row: Row): ReadonlyArray<Place> =>
  flows.flatMap((flow) => persistences.map((persistence) => ({ row, flow, persistence })))

/**
 * One cell of a row of the matrix. The flow and the persistence differ from row to row. Cells in
 * which every poll fails are left out, because they take the longest time.
 */
export const sampleOf = (row: Row): ReadonlyArray<Place> => {
  const cells = cellsOf(row).filter(
    ({ flow, persistence }) => flow !== "device code" || persistence === "once"
  )
  const cell = cells[(rows.indexOf(row) * 3) % cells.length]
  return cell === undefined ? [] : [cell]
}

const signalOf = ({ atApi, atToken, decoded }: Row): Signal => decoded ?? atToken ?? atApi

/** How many times faster the clock of the code under test runs. */
const speedOf = (flow: Flow): number => (flow === "device code" ? 200 : 1)

/**
 * Makes a faster clock. A code expires after a quarter of an hour, and a test must not take this
 * long.
 */
const fastClock = (clock: Clock.Clock, speed: number): Clock.Clock => {
  const start = clock.unsafeCurrentTimeMillis()
  const millis = (now: number) => start + (now - start) * speed
  const nanos = (now: bigint) => now * BigInt(speed)
  return Object.assign(Object.create(clock), {
    unsafeCurrentTimeMillis: () => millis(clock.unsafeCurrentTimeMillis()),
    unsafeCurrentTimeNanos: () => nanos(clock.unsafeCurrentTimeNanos()),
    currentTimeMillis: Effect.map(clock.currentTimeMillis, millis),
    currentTimeNanos: Effect.map(clock.currentTimeNanos, nanos),
    sleep: (duration: Duration.Duration) => clock.sleep(Duration.times(duration, 1 / speed))
  })
}

/**
 * The time limit of a request, in real time. It is short only if the fault is a late response,
 * which must exceed the limit.
 */
const timeoutOf = (signal: Signal): Duration.Duration =>
  signal._tag === "Late" ? Duration.millis(800) : Duration.seconds(8)

/** A cell that has not ended after this time hangs. */
const limit = Duration.seconds(60)

export const run = (
  sandbox: Sandbox,
  { flow, persistence, row }: Place
): Effect.Effect<string | undefined> =>
  Effect.gen(function* () {
    const { address } = sandbox
    const signal = signalOf(row)
    const settings = {
      issuer: address.urls.login,
      audience: address.signIn.audience,
      timeout: Duration.times(timeoutOf(signal), speedOf(flow))
    }
    const api = Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, address.urls.v1))
    const fault: Fault.Fault = {
      target: "token",
      api: "login",
      times: persistence === "once" ? 1 : "always",
      effect: lasting(row.fault.effect, persistence)
    }
    const inject = sandbox.inject([fault])
    const clientId = address.signIn.nativeClientId
    const open = async (url: string) => {
      await fetch(await signInAt(url, address), { headers: { connection: "close" } })
    }

    const outcomeOf = {
      "device code": Effect.gen(function* () {
        let entering: Fiber.Fiber<void> | undefined
        const provider = yield* NodeTokenProvider.deviceCode({
          ...settings,
          clientId,
          // The fault affects the first poll. The person enters the code after that poll, if the
          // code is still valid.
          onCode: ({ userCode, verificationUri }) =>
            Effect.zipRight(
              inject,
              firstPoll(sandbox).pipe(
                Effect.zipRight(
                  Effect.tryPromise(() => enterCode(verificationUri, userCode, address)).pipe(
                    // A host that refuses connections refuses those of the person too, and a person
                    // loads the page again.
                    Effect.retry({ schedule: Schedule.spaced("10 seconds"), times: 10 }),
                    Effect.ignore
                  )
                ),
                Effect.forkDaemon,
                Effect.flatMap((fiber) =>
                  Effect.sync(() => {
                    entering = fiber
                  })
                )
              )
            )
        }).make({ api })
        const reason = yield* reasonOf(provider.signIn)
        if (entering !== undefined) yield* Fiber.await(entering)
        return reason
      }),
      browser: Effect.gen(function* () {
        const provider = yield* NodeTokenProvider.browser({ ...settings, clientId, open }).make({
          api
        })
        yield* inject
        return yield* reasonOf(provider.signIn)
      }),
      "web app": webApp(sandbox, { ...settings, api }, inject),
      refresh: Effect.gen(function* () {
        const provider = yield* NodeTokenProvider.browser({ ...settings, clientId, open }).make({
          api
        })
        yield* Effect.orDie(provider.signIn)
        yield* provider.invalidate(yield* Effect.orDie(provider.get))
        yield* inject
        return yield* reasonOf(provider.get)
      })
    } satisfies Record<Flow, Effect.Effect<string, unknown, Scope.Scope>>

    yield* sandbox.reset
    const before = yield* Held.now(sandbox)
    const came = yield* Effect.scoped(outcomeOf[flow]).pipe(
      Effect.timeoutTo({
        duration: Duration.times(limit, speedOf(flow)),
        onSuccess: (came) => came,
        onTimeout: () => "hang"
      }),
      Effect.catchAllCause((cause) => Effect.succeed(String(cause)))
    )
    yield* sandbox.clearFaults
    const left = yield* Held.beyond(sandbox, before)
    const right = expected(signal, flow, persistence)
    const wanted = flow === "web app" ? `status ${statusOf(right)}` : right
    const problems = [
      ...(came === wanted ? [] : [`${came} in place of ${wanted}`]),
      ...(left.length === 0 ? [] : [`left behind: ${left.join(", ")}`])
    ]
    return problems.length === 0
      ? undefined
      : `${row.name}, ${flow}, ${persistence}: ${problems.join("; ")}`
  }).pipe((program) =>
    Effect.clockWith((clock) => Effect.withClock(program, fastClock(clock, speedOf(flow))))
  )

const firstPoll = (sandbox: Sandbox): Effect.Effect<void> =>
  Effect.asVoid(
    Effect.repeat(Effect.delay(sandbox.summary, "1 second"), {
      until: ({ tokenRequests }) => tokenRequests.length > 0
    })
  )

const reasonOf = <A>(
  effect: Effect.Effect<A, { readonly reason: string }>
): Effect.Effect<Expected> =>
  Effect.match(effect, { onSuccess: () => "signed in", onFailure: ({ reason }) => reason })

/**
 * The effect of a fault. If the fault stays, the host must be offline for longer than the client
 * tries.
 */
const lasting = (effect: Fault.FaultEffect, persistence: Persistence): Fault.FaultEffect =>
  effect._tag === "RefuseConnections" && persistence === "stays"
    ? { ...effect, milliseconds: 60_000 }
    : effect

const appUrl = "http://localhost:3000"

const webApp = (
  { address }: Sandbox,
  settings: Pick<WebSessions.Options, "issuer" | "audience" | "timeout" | "api">,
  inject: Effect.Effect<void>
) =>
  Effect.gen(function* () {
    const sessions = yield* WebSessions.make({
      ...settings,
      clientId: address.signIn.webClientId,
      clientSecret: Redacted.make(address.signIn.webClientSecret),
      cookieSecret: Redacted.make("a cookie secret of more than 32 characters"),
      appUrl
    })
    const login = Option.getOrThrow(yield* sessions.handle(new Request(`${appUrl}/login`)))
    const [cookie = ""] = login.headers.getSetCookie()
    const callback = yield* Effect.promise(() =>
      signInAt(login.headers.get("location") ?? "", address)
    )
    yield* inject
    const response = Option.getOrThrow(
      yield* sessions.handle(
        new Request(callback, { headers: { cookie: cookie.split(";")[0] ?? "" } })
      )
    )
    return `status ${response.status}`
  })

/**
 * Tests processes that share a store. Their steps run in random order, and they are killed at
 * random moments. If a refresh token is used twice, the sandbox's provider responds with 403 and
 * ends the session.
 */
import { assert, layer } from "@effect/vitest"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as FiberId from "effect/FiberId"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import { apiOf, freshSandbox } from "../support/client.js"
import { signInAt } from "../support/person.js"

const runs = process.env["TEST_ALL"] === undefined ? 12 : 1_000

/** The store that all processes share. It has texts, and a lock that a killed process loses. */
interface Disk {
  readonly texts: Map<string, string>
  holder: { readonly process: Alive; readonly released: Deferred.Deferred<void> } | undefined
}

/** The state of a process. `isAlive` becomes false when the process is killed. */
interface Alive {
  isAlive: boolean
}

/** The store as one process uses it. After the process is killed, none of its steps happens. */
const storeOf = (disk: Disk, process: Alive): TokenStore.TokenStore => {
  const step = <A>(run: () => A): Effect.Effect<A> =>
    Effect.zipRight(
      Effect.yieldNow(),
      Effect.suspend(() => (process.isAlive ? Effect.sync(run) : Effect.never))
    )
  const acquire: Effect.Effect<void> = Effect.suspend(() => {
    if (!process.isAlive) return Effect.never
    if (disk.holder !== undefined) {
      return Effect.zipRight(Deferred.await(disk.holder.released), acquire)
    }
    disk.holder = { process, released: Deferred.unsafeMake(never) }
    return Effect.void
  })
  return TokenStore.make({
    get: (name) => step(() => Option.fromNullable(disk.texts.get(name))),
    set: (name, text) => step(() => disk.texts.set(name, Redacted.value(text))),
    remove: (name) => step(() => disk.texts.delete(name)),
    lock: () => Effect.acquireRelease(acquire, () => Effect.sync(() => release(disk, process)))
  })
}

const never = FiberId.none

const release = (disk: Disk, process: Alive): void => {
  const { holder } = disk
  if (holder?.process !== process || !process.isAlive) return
  disk.holder = undefined
  Deferred.unsafeDone(holder.released, Effect.void)
}

/** Kills a process. Another process can then get the lock. */
const kill = (disk: Disk, process: Alive): void => {
  const { holder } = disk
  process.isAlive = false
  if (holder?.process !== process) return
  disk.holder = undefined
  Deferred.unsafeDone(holder.released, Effect.void)
}

type Step =
  | { readonly _tag: "Call"; readonly process: number }
  | { readonly _tag: "Refuse"; readonly process: number }
  | { readonly _tag: "Kill"; readonly process: number }
  | { readonly _tag: "Lose" }
  | { readonly _tag: "Wait"; readonly turns: number }

const anyStep: FastCheck.Arbitrary<Step> = FastCheck.oneof(
  {
    weight: 5,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("Call" as const),
      process: FastCheck.nat(2)
    })
  },
  {
    weight: 4,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("Refuse" as const),
      process: FastCheck.nat(2)
    })
  },
  {
    weight: 2,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("Kill" as const),
      process: FastCheck.nat(2)
    })
  },
  { weight: 1, arbitrary: FastCheck.record({ _tag: FastCheck.constant("Lose" as const) }) },
  {
    weight: 4,
    arbitrary: FastCheck.record({
      _tag: FastCheck.constant("Wait" as const),
      turns: FastCheck.nat(40)
    })
  }
)

const turn = Effect.async<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})

layer(Sandbox.layer(), { timeout: "10 minutes" })(
  "processes that share a person's tokens",
  (it) => {
    it.scoped(
      `never send a replaced refresh token again, in ${runs} random interleavings with kills`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* freshSandbox
          const disk: Disk = { texts: new Map(), holder: undefined }
          const start = Effect.gen(function* () {
            const scope = yield* Scope.make()
            const alive: Alive = { isAlive: true }
            const provider = yield* NodeTokenProvider.browser({
              issuer: sandbox.urls.login,
              clientId: sandbox.signIn.nativeClientId,
              audience: sandbox.signIn.audience,
              tokenStore: storeOf(disk, alive),
              open: async (url) => {
                await signInAt(url, sandbox.signIn.people.manager)
              }
            })
              .make({ api: apiOf(sandbox) })
              .pipe(Scope.extend(scope))
            return { alive, provider, scope }
          })
          const processes = [yield* start, yield* start, yield* start]
          let refreshes = 0
          let signIns = 0

          const run = (steps: ReadonlyArray<Step>) =>
            Effect.gen(function* () {
              yield* sandbox.control.clearFaults
              const before = (yield* sandbox.control.requests).length
              for (const step of steps) {
                switch (step._tag) {
                  case "Call":
                    yield* Effect.forkDaemon(
                      Effect.exit(processes[step.process]?.provider.get ?? Effect.void)
                    )
                    break
                  case "Refuse": {
                    const provider = processes[step.process]?.provider
                    if (provider === undefined) break
                    yield* Effect.forkDaemon(
                      Effect.exit(Effect.flatMap(provider.get, provider.invalidate))
                    )
                    break
                  }
                  case "Kill": {
                    const found = processes[step.process]
                    if (found !== undefined) kill(disk, found.alive)
                    processes[step.process] = yield* start
                    break
                  }
                  case "Lose":
                    yield* sandbox.control.inject(Fault.cutBody({ target: "token", api: "login" }))
                    break
                  case "Wait":
                    yield* Effect.repeatN(turn, step.turns)
                }
              }
              // Each process must now get a token, or an error that says that the person must sign
              // in.
              yield* sandbox.control.clearFaults
              const ends = yield* Effect.forEach(
                processes,
                ({ provider }) => Effect.exit(provider.get),
                {
                  concurrency: "unbounded"
                }
              )
              const requests = (yield* sandbox.control.requests).slice(before)
              const sent = requests.filter(({ grantType }) => grantType === "refresh_token")
              assert.deepStrictEqual(
                sent.filter(({ status }) => status !== 200 && status !== null),
                []
              )
              refreshes += sent.length
              if (ends.some(Exit.isFailure)) {
                signIns++
                yield* processes[0]?.provider.signIn ?? Effect.void
              }
              yield* sandbox.control.reset
            })

          yield* processes[0]?.provider.signIn ?? Effect.void
          const runtime = yield* Effect.runtime<never>()
          yield* Effect.promise(() =>
            FastCheck.assert(
              FastCheck.asyncProperty(
                FastCheck.array(anyStep, { minLength: 3, maxLength: 14 }),
                (steps) => Runtime.runPromise(runtime)(run(steps))
              ),
              { numRuns: runs, endOnFailure: true }
            )
          )
          // Without refreshed tokens and lost tokens, the test would prove nothing.
          assert.isAtLeast(refreshes, runs < 100 ? 1 : runs / 4)
          assert.isAbove(signIns, 0)
        }),
      { timeout: 600_000 }
    )
  }
)

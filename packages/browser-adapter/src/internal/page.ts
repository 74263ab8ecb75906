/**
 * What happens to the page or worker that the code runs in: offline and back, left and returned to, hidden and shown.
 *
 * Every global may be missing: a worker has no document, and a server that renders pages has neither.
 */
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"

export interface Page {
  readonly isOffline: () => boolean
  /** Waits until the page is there and, if asked for, the network too. Ends when the layer closes. */
  readonly ready: (needsNetwork: boolean) => Effect.Effect<void>
  /** Calls back when the page is left, until what it returns is called. */
  readonly onceLeft: (listener: () => void) => () => void
  /** The effect, unless the page is left before its end: then it is interrupted and the error is the result. */
  readonly unlessLeft: <A, E, R, E2>(
    effect: Effect.Effect<A, E, R>,
    onLeft: () => E2
  ) => Effect.Effect<A, E | E2, R>
  /** Runs the effect each time that a page is shown again after it was hidden or left. */
  readonly onWake: (effect: Effect.Effect<void>) => Effect.Effect<void, never, Scope.Scope>
  /** Runs what is given when the page is left, and when it is back from the browser's cache. */
  readonly onLeaveAndReturn: (
    leave: () => void,
    comeBack: () => void
  ) => Effect.Effect<void, never, Scope.Scope>
}

/** Its listeners end with the scope. */
export const make: Effect.Effect<Page, never, Scope.Scope> = Effect.gen(function* () {
  const online = yield* Effect.makeLatch(!isOffline())
  const present = yield* Effect.makeLatch(true)
  const leaving = new Set<() => void>()

  yield* listen("online", () => online.unsafeOpen())
  yield* listen("offline", () => online.unsafeClose())
  yield* listen("pagehide", () => {
    present.unsafeClose()
    for (const listener of leaving) listener()
    leaving.clear()
  })
  yield* listen("pageshow", () => present.unsafeOpen())
  // Nobody shall wait for an event that no longer has a listener.
  yield* Effect.addFinalizer(() => Effect.zipRight(online.open, present.open))

  const onceLeft = (listener: () => void) => {
    leaving.add(listener)
    return () => {
      leaving.delete(listener)
    }
  }

  return {
    isOffline,
    ready: (needsNetwork) =>
      needsNetwork ? Effect.zipRight(online.await, present.await) : present.await,
    onceLeft,
    unlessLeft: <A, E, R, E2>(effect: Effect.Effect<A, E, R>, onLeft: () => E2) =>
      Effect.raceFirst(
        effect,
        Effect.async<never, E2>((resume) =>
          Effect.sync(onceLeft(() => resume(Effect.fail(onLeft()))))
        )
      ),
    onWake: (effect) =>
      Effect.gen(function* () {
        const runFork = Runtime.runFork(yield* Effect.runtime())
        const scope = yield* Effect.scope
        const wake = () => {
          if (globalThis.document?.visibilityState !== "hidden") runFork(effect, { scope })
        }
        yield* listen("visibilitychange", wake, globalThis.document)
        yield* listen("pageshow", (event) => {
          if ("persisted" in event && event.persisted === true) wake()
        })
      }),
    onLeaveAndReturn: (leave, comeBack) =>
      Effect.zipRight(listen("pagehide", leave), listen("pageshow", comeBack))
  }
})

/** Only `false` says something: `true` may be a network without a way out. */
const isOffline = (): boolean => globalThis.navigator?.onLine === false

const listen = (
  type: string,
  listener: (event: Event) => void,
  target: EventTarget | undefined = globalThis
): Effect.Effect<void, never, Scope.Scope> =>
  typeof target?.addEventListener === "function"
    ? Effect.acquireRelease(
        Effect.sync(() => target.addEventListener(type, listener)),
        () => Effect.sync(() => target.removeEventListener(type, listener))
      )
    : Effect.void

/** Whether a URL leads to this machine, which needs no network. */
export const isLoopback = (url: string): boolean =>
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)

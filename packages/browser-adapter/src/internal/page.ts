/**
 * What happens to the page or worker that the code runs in: offline and back, left and returned to,
 * hidden and shown.
 *
 * Every global may be missing: a worker has no document, and a server that renders pages has
 * neither.
 */
import { isLoopback } from "@innerspace-metrics/core/Api"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"

export interface Page {
  /** Waits until the page is there. Ends when the layer closes. */
  readonly ready: Effect.Effect<void>
  /**
   * Calls back when the network is there again or the layer closes, until what it returns is
   * called.
   */
  readonly onceOnline: (listener: () => void) => () => void
  /** Calls back when the page is left, until what it returns is called. */
  readonly onceLeft: (listener: () => void) => () => void
  /**
   * The effect, unless the page is left before its end: then it is interrupted and the error is the
   * result.
   */
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
  const present = yield* Effect.makeLatch(true)
  const leaving = makeListeners()
  const online = makeListeners()

  yield* listen("online", online.call)
  yield* listen("offline", () => {
    hasAnswered = false
  })
  yield* listen("pagehide", () => {
    present.unsafeClose()
    leaving.call()
  })
  yield* listen("pageshow", () => present.unsafeOpen())
  // Nobody shall wait for an event that no longer has a listener.
  yield* Effect.addFinalizer(() => Effect.zipRight(Effect.sync(online.call), present.open))

  return {
    ready: present.await,
    onceOnline: online.once,
    onceLeft: leaving.once,
    unlessLeft: <A, E, R, E2>(effect: Effect.Effect<A, E, R>, onLeft: () => E2) =>
      Effect.raceFirst(
        effect,
        Effect.async<never, E2>((resume) =>
          Effect.sync(leaving.once(() => resume(Effect.fail(onLeft()))))
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

/** Listeners that are called once. */
const makeListeners = () => {
  const listeners = new Set<() => void>()
  return {
    once: (listener: () => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    call: () => {
      const called = [...listeners]
      listeners.clear()
      for (const listener of called) listener()
    }
  }
}

/**
 * Whether an answer came although the browser says that it is offline, since the network was last
 * seen to go.
 */
let hasAnswered = false

export const noteAnswer = (): void => {
  hasAnswered = saysOffline()
}

/** Only `false` says something: `true` may be a network without a way out. */
const saysOffline = (): boolean => globalThis.navigator?.onLine === false

/**
 * Whether a request that failed did so because the network is away. Some browsers say that they are
 * offline though they are not, as in a webview or behind a virtual network card, so a request is
 * always tried first. This machine needs no network.
 */
export const isOffline = (url: string): boolean =>
  saysOffline() && !hasAnswered && !isLoopback(new URL(url))

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

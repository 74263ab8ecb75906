/**
 * Events of the page or worker in which the code runs: the network goes down and comes back, the
 * user leaves the page and returns, and the browser hides and shows the page.
 *
 * Every global may be missing. A worker has no `document`. A server that renders pages may also
 * have no `navigator` and no events.
 */
import { isLoopback } from "@innerspace-metrics/core/Api"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"

export interface Page {
  /**
   * Waits until the user returns, if the user has left the page. The wait also ends when the layer
   * closes.
   */
  readonly ready: Effect.Effect<void>
  /**
   * Calls back once, when the network is back or the layer closes. Returns a function that removes
   * the listener.
   */
  readonly onceOnline: (listener: () => void) => () => void
  /** Calls back once, when the page is left. Returns a function that removes the listener. */
  readonly onceLeft: (listener: () => void) => () => void
  /**
   * Runs the effect. If the user leaves the page before the effect ends, interrupts the effect and
   * fails with the error.
   */
  readonly unlessLeft: <A, E, R, E2>(
    effect: Effect.Effect<A, E, R>,
    onLeft: () => E2
  ) => Effect.Effect<A, E | E2, R>
  /** Runs the effect each time the page is shown again after it was hidden or left. */
  readonly onWake: (effect: Effect.Effect<void>) => Effect.Effect<void, never, Scope.Scope>
  /**
   * Calls the first function when the page is left, and the second function when the browser
   * restores the page from its cache.
   */
  readonly onLeaveAndReturn: (
    leave: () => void,
    comeBack: () => void
  ) => Effect.Effect<void, never, Scope.Scope>
}

/** Listens to the events until the scope closes. */
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
  // When the scope closes, no more events arrive, so nothing may wait for an event.
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
 * Whether the last response arrived although the browser said that it was offline. An `offline`
 * event sets this to false.
 */
let hasAnswered = false

export const noteAnswer = (): void => {
  hasAnswered = saysOffline()
}

/**
 * Whether `navigator.onLine` is false. The value true says nothing, because the network may have no
 * internet access.
 */
const saysOffline = (): boolean => globalThis.navigator?.onLine === false

/**
 * Whether a request failed because the network is down. Some browsers wrongly say that they are
 * offline, as in a webview or with a virtual network adapter, so a request is always sent first.
 * Loopback needs no network.
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

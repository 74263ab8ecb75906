/**
 * A panel is a part of the page that loads independently. If a panel fails, the other panels stay,
 * and the panel keeps the data that it showed before.
 */
import { isMetricsError } from "@innerspace-metrics/core/MetricsError"
import type { Progress } from "@innerspace-metrics/core/Streaming"
import { type Signal, signal } from "@preact/signals"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** A failure, with the texts of its error. */
export interface Failure {
  readonly problem: string
  /** What the person can do next. */
  readonly hint: string
  /** The type and the reason of the error, such as `ResponseError.RateLimited`. */
  readonly code: string
  /** The end of the wait that the server asked for, in milliseconds since the epoch. */
  readonly retryAt: number | undefined
  /** The id that the vendor's support needs. */
  readonly requestId: string | undefined
  /**
   * Whether the failure means that nobody is signed in any more. The page shows this once, for all
   * panels.
   */
  readonly needsSignIn: boolean
}

export type PanelState<A> =
  | {
      readonly _tag: "Loading"
      readonly progress: Progress | undefined
      readonly value: A | undefined
    }
  | { readonly _tag: "Loaded"; readonly value: A; readonly at: number }
  | { readonly _tag: "Failed"; readonly failure: Failure; readonly value: A | undefined }

export interface Panel<A> {
  readonly state: Signal<PanelState<A>>
  /** Shows the result or the failure of an effect. The returned effect never fails. */
  readonly show: <E extends PanelError, R>(
    load: (onProgress: (progress: Progress) => Effect.Effect<void>) => Effect.Effect<A, E, R>
  ) => Effect.Effect<void, never, R>
  /** Removes everything that was shown. */
  readonly clear: () => void
}

/** The fields that every error of the library has, and every error of the page. */
export interface PanelError {
  readonly _tag: string
  readonly problem: string
  readonly hint: string
}

export const make = <A>(): Panel<A> => {
  const empty: PanelState<A> = { _tag: "Loading", progress: undefined, value: undefined }
  const state = signal<PanelState<A>>(empty)
  const loading = (progress: Progress | undefined) =>
    Effect.sync(() => {
      state.value = { _tag: "Loading", progress, value: state.peek().value }
    })
  return {
    state,
    show: (load) =>
      loading(undefined).pipe(
        Effect.zipRight(load(loading)),
        Effect.zip(Clock.currentTimeMillis),
        Effect.matchCauseEffect({
          onSuccess: ([value, at]) =>
            Effect.sync(() => {
              state.value = { _tag: "Loaded", value, at }
            }),
          onFailure: (cause) =>
            // The effect is interrupted when the panel begins to load other data, so an
            // interruption is not a failure.
            Cause.isInterruptedOnly(cause)
              ? Effect.interrupt
              : Effect.map(failureFrom(cause), (failure) => {
                  state.value = { _tag: "Failed", failure, value: state.peek().value }
                })
        })
      ),
    clear: () => {
      state.value = empty
    }
  }
}

const failureFrom = (cause: Cause.Cause<PanelError>): Effect.Effect<Failure> =>
  Option.match(Cause.failureOption(cause), {
    onNone: () =>
      Effect.as(Effect.logError("A panel failed unexpectedly", cause), {
        problem: "This part of the page failed with an unknown error",
        hint: "Try again. If the problem persists, reload the page",
        code: "Unexpected",
        retryAt: undefined,
        requestId: undefined,
        needsSignIn: false
      }),
    onSome: (error) =>
      Effect.map(Clock.currentTimeMillis, (now) => ({
        problem: error.problem,
        hint: error.hint,
        code: isMetricsError(error) ? `${error._tag}.${error.reason}` : error._tag,
        retryAt:
          isMetricsError(error) && error.retryAfter !== undefined
            ? now + Duration.toMillis(error.retryAfter)
            : undefined,
        requestId: isMetricsError(error) ? error.requestId : undefined,
        needsSignIn: isMetricsError(error) && error.reason === "SignInRequired"
      }))
  })

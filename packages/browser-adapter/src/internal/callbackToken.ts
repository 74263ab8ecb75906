/** Tokens from a function of the app. */
import type { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { CallbackAnswer, CallbackRequest } from "../BrowserTokenProvider.js"
import { signedOut, signInError } from "./signInError.js"

/** Returns a new token. If the API rejected the token `refused`, the new token replaces it. */
export type AcquireValue = (
  refused: Redacted.Redacted<string> | undefined
) => Effect.Effect<Redacted.Redacted<string>, AuthError>

export const callbackToken =
  (
    callback: (
      request: CallbackRequest
    ) => Promise<CallbackAnswer> | Effect.Effect<CallbackAnswer, unknown>
  ): AcquireValue =>
  (refused) =>
    Effect.try(() => callback({ isRefused: refused !== undefined })).pipe(
      Effect.mapError(({ error }) => error),
      Effect.flatMap((answer) =>
        Effect.isEffect(answer)
          ? answer
          : Effect.tryPromise({ try: async () => answer, catch: (thrown) => thrown })
      ),
      Effect.mapError((thrown) => signInError(thrown, refused === undefined ? [] : [refused])),
      Effect.flatMap((answer) => {
        if (answer === undefined || answer === null || answer === "") return signedOut()
        return Effect.succeed(Redacted.isRedacted(answer) ? answer : Redacted.make(answer))
      })
    )

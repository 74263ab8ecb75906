/**
 * The signed-in person. Tokens stay in the memory of `Auth0Client`, and are not in storage, in the
 * URL or in the document.
 */
import type { Auth0Client } from "@auth0/auth0-spa-js"
import { type Signal, signal } from "@preact/signals"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { auth0Client } from "./auth0Client.js"
import type { Settings } from "./Settings.js"

export type SessionState =
  | { readonly _tag: "SignedOut"; readonly problem: string | undefined }
  | { readonly _tag: "SignedIn"; readonly name: string }
  /** The session has ended without a sign-out on this page. The loaded data stays visible. */
  | { readonly _tag: "Ended"; readonly name: string }

export interface Session {
  readonly auth0: Auth0Client
  readonly state: Signal<SessionState>
  readonly signIn: () => void
  readonly signOut: () => void
  /** Records that the person must sign in again. */
  readonly end: () => void
}

/** A failed sign-in or sign-out. */
class SignInError extends Data.TaggedError("SignInError")<{ readonly message: string }> {}

/** Completes a sign-in after the redirect, or resumes a session that is still valid. */
export const make = (settings: Settings): Effect.Effect<Session> =>
  Effect.gen(function* () {
    const home = location.origin + location.pathname
    const auth0 = auth0Client(settings.auth0, home)
    const state = signal<SessionState>({ _tag: "SignedOut", problem: undefined })
    const attempt = <A>(promise: () => Promise<A>) =>
      Effect.tryPromise({
        try: promise,
        catch: (cause) =>
          new SignInError({ message: cause instanceof Error ? cause.message : "unknown reason" })
      })

    const resume = Effect.gen(function* () {
      const parameters = new URLSearchParams(location.search)
      if (parameters.has("state") && (parameters.has("code") || parameters.has("error"))) {
        const result = yield* Effect.ensuring(
          attempt(() => auth0.handleRedirectCallback<{ readonly search?: string }>()),
          // Removes the code, or the provider's error, from the URL and the history.
          Effect.sync(() => history.replaceState(null, "", location.pathname))
        )
        history.replaceState(null, "", location.pathname + (result.appState?.search ?? ""))
      } else {
        yield* attempt(() => auth0.checkSession())
      }
      const user = yield* attempt(() => auth0.getUser())
      if (user !== undefined) {
        state.value = { _tag: "SignedIn", name: user.name ?? user.email ?? "Signed in" }
      }
    })
    yield* Effect.catchAll(resume, ({ message }) =>
      Effect.sync(() => {
        state.value = { _tag: "SignedOut", problem: `Signing in failed: ${message}` }
      })
    )

    const run = (promise: () => Promise<void>, what: string) => {
      Effect.runFork(
        Effect.catchAll(attempt(promise), ({ message }) =>
          Effect.sync(() => {
            state.value = { _tag: "SignedOut", problem: `${what} failed: ${message}` }
          })
        )
      )
    }
    return {
      auth0,
      state,
      signIn: () =>
        run(() => auth0.loginWithRedirect({ appState: { search: location.search } }), "Signing in"),
      signOut: () => run(() => auth0.logout({ logoutParams: { returnTo: home } }), "Signing out"),
      end: () => {
        const current = state.peek()
        if (current._tag === "SignedIn") state.value = { ...current, _tag: "Ended" }
      }
    }
  })

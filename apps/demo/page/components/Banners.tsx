/**
 * What concerns the whole page: no network, or nobody signed in any more.
 */
import { signal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { Session } from "../Session.js"

const isOnline = signal(navigator.onLine)

export const OfflineBanner = () => {
  useEffect(() => {
    const update = () => {
      isOnline.value = navigator.onLine
    }
    addEventListener("online", update)
    addEventListener("offline", update)
    return () => {
      removeEventListener("online", update)
      removeEventListener("offline", update)
    }
  }, [])
  return (
    <div role="status">
      {!isOnline.value && (
        <div class="banner">
          <strong>You are offline.</strong> What you see was loaded before. Loading goes on when the
          connection is back.
        </div>
      )}
    </div>
  )
}

export const SignedOutBanner = ({ session }: { readonly session: Session }) => (
  <div role="alert">
    {session.state.value._tag === "Ended" && (
      <div class="banner banner-strong">
        <span>
          <strong>You have been signed out.</strong> What you see was loaded before. Sign in to go
          on where you are.
        </span>
        <button type="button" class="button button-primary" onClick={session.signIn}>
          Sign in again
        </button>
      </div>
    )}
  </div>
)

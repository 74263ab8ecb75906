/** Messages about the whole page: no network, or nobody is signed in any more. */
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
          <strong>You are offline.</strong> This data was loaded earlier. Loading continues when the
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
          <strong>You have been signed out.</strong> This data was loaded earlier. Sign in to
          continue.
        </span>
        <button type="button" class="button button-primary" onClick={session.signIn}>
          Sign in again
        </button>
      </div>
    )}
  </div>
)

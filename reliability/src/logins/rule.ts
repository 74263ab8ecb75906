/**
 * The expected outcome of a sign-in or a refresh with a fault, as a rule. The outcome depends on
 * what the client sees, and on whether repeating a request is a risk.
 */
import type { Persistence, Signal } from "../matrix/signals.js"

export const flows = ["device code", "browser", "web app", "refresh"] as const

/**
 * The flow whose step meets the fault. The step is a poll, the exchange of a code, or a refresh.
 */
export type Flow = (typeof flows)[number]

/** The outcome: a person is signed in, or an `AuthError` has this reason. */
export type Expected = "signed in" | string

interface Meaning {
  readonly reason: Expected
  /** Whether the same request may succeed later. */
  readonly passes: boolean
  /** Whether it is certain that the provider did not process the request. */
  readonly isWithoutEffect: boolean
}

const fine: Meaning = { reason: "signed in", passes: true, isWithoutEffect: false }

const lost = (reason: Expected): Meaning => ({ reason, passes: true, isWithoutEffect: false })

const unusable: Meaning = { reason: "InvalidAnswer", passes: false, isWithoutEffect: false }

const rejected = (reason: Expected): Meaning => ({ reason, passes: false, isWithoutEffect: true })

const meaningOf = (signal: Signal): Meaning => {
  switch (signal._tag) {
    case "Usual":
    case "BrokenOnReuse":
    case "ColumnGone":
      return fine
    case "Late":
      return lost("Timeout")
    case "Broken":
    case "Reset":
    case "Away":
      return lost("Unreachable")
    case "Status":
      if (signal.status === 400) return rejected("CredentialsRefused")
      if (signal.status === 403) return rejected("SignInDenied")
      return ofStatus(signal.status)
    case "Foreign":
      return ofStatus(signal.status)
    case "Refused":
      return signal.status === 401 ? rejected("CredentialsRefused") : unusable
    case "Errors":
      return signal.status === 200 ? unusable : ofStatus(signal.status)
    case "NotJson":
    case "Nothing":
    case "WrongValue":
    case "TooLarge":
      return unusable
  }
}

const ofStatus = (status: number): Meaning => {
  if (status === 429) return { reason: "RateLimited", passes: true, isWithoutEffect: true }
  if (status === 408 || status >= 500) {
    return {
      reason: "Unavailable",
      passes: true,
      isWithoutEffect: status === 408 || status === 503
    }
  }
  return rejected("InvalidAnswer")
}

export const expected = (signal: Signal, flow: Flow, persistence: Persistence): Expected => {
  const meaning = meaningOf(signal)
  const { isWithoutEffect, passes, reason } = meaning
  const isTooLong = signal._tag === "Status" && signal.comeBack !== undefined
  if (meaning === fine) return reason
  switch (flow) {
    case "browser":
    case "web app":
      // A code can be used only once, so the exchange of a code is not repeated.
      return reason
    case "device code":
      // The poll is repeated until the code expires.
      if (!passes) return reason
      return persistence === "stays" || isTooLong ? "SignInExpired" : "signed in"
    case "refresh":
      // A refresh token that may have been replaced is not sent again.
      if (!isWithoutEffect) return "SignInRequired"
      return passes && persistence === "once" && !isTooLong ? "signed in" : reason
  }
}

/** The status of the page that the user of a web app sees. The page does not show the reason. */
export const statusOf = (reason: Expected): number => {
  switch (reason) {
    case "signed in":
      return 303
    case "SignInDenied":
      return 403
    case "SignInRequired":
      return 400
    case "Timeout":
    case "Unreachable":
    case "Unavailable":
    case "RateLimited":
      return 503
    default:
      return 502
  }
}

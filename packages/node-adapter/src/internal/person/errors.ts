/** Why a person has to sign in again. */
import { AuthError } from "@innerspace-metrics/core/MetricsError"

const signInAgain = (problem: string): AuthError =>
  new AuthError({
    reason: "SignInRequired",
    problem,
    hint: "Have the person sign in again"
  })

export const nobody = (): AuthError => signInAgain("Nobody is signed in")

export const noRefreshToken = (): AuthError =>
  new AuthError({
    reason: "SignInRequired",
    problem: "The access token has expired, and the provider gave no refresh token",
    hint: 'Request the scope "offline_access", allow offline access in the provider\'s settings of the API, and have the person sign in again'
  })

export const spent = (): AuthError =>
  signInAgain(
    "The refresh token was sent, but its replacement never arrived, for example because a process was killed or a connection broke. It is not sent again, because the provider would treat that as theft"
  )

export const ended = (problem: string): AuthError =>
  signInAgain(`The session has ended, or was ended by the provider. ${problem}`)

export const storeFailed = (problem: string): AuthError =>
  new AuthError({
    reason: "Unavailable",
    problem: `No refresh token was sent, because the token store could not record it: ${problem}`,
    hint: "Check the token store"
  })

export const suspended = (): AuthError =>
  new AuthError({
    reason: "Timeout",
    problem:
      "No refresh token was sent, because this process was suspended while it held the lock of the token store",
    hint: "Try again"
  })

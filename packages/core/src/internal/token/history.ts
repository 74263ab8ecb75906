/**
 * Records facts about a token that are only known after the token was created. These facts are
 * stored outside the token, because a token is an immutable value.
 */
import type { AccessToken } from "../../AccessToken.js"

const accepted = new WeakSet<AccessToken>()
const replacements = new WeakSet<AccessToken>()

/** Records that the API has accepted the token. The token then no longer counts as new. */
export const noteAccepted = (token: AccessToken): void => {
  accepted.add(token)
}

export const isAccepted = (token: AccessToken): boolean => accepted.has(token)

/**
 * Records that the token was requested because the API had refused another token.
 *
 * If the token of a process or tab was refused, this process or tab can use the token of another
 * process or tab in two cases: the other token was recorded with this function, or was obtained
 * after the refusal. Any other token may also be refused, because the API may have ended all
 * sessions.
 */
export const noteReplacement = (token: AccessToken): void => {
  replacements.add(token)
}

export const isReplacement = (token: AccessToken): boolean => replacements.has(token)

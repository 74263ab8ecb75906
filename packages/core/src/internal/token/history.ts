/**
 * What has happened to a token. It is stored outside the token, because the code that creates a
 * token cannot know it and a token is a value.
 */
import type { AccessToken } from "../../AccessToken.js"

const accepted = new WeakSet<AccessToken>()
const replacements = new WeakSet<AccessToken>()

/** The API returned data for the token, so the token no longer counts as new. */
export const noteAccepted = (token: AccessToken): void => {
  accepted.add(token)
}

export const isAccepted = (token: AccessToken): boolean => accepted.has(token)

/**
 * The token was requested because the API had refused another one. A process or tab whose own token
 * was refused accepts only such a token from another process or tab. The API may have ended all
 * sessions, and would then refuse an older token as well.
 */
export const noteReplacement = (token: AccessToken): void => {
  replacements.add(token)
}

export const isReplacement = (token: AccessToken): boolean => replacements.has(token)

/**
 * What has become of a token. It is known beside the token: who makes one cannot know it, and a
 * token is a value.
 */
import type { AccessToken } from "../../AccessToken.js"

const accepted = new WeakSet<AccessToken>()
const replacements = new WeakSet<AccessToken>()

/** The API returned data for the token, so it is not a new one any more. */
export const noteAccepted = (token: AccessToken): void => {
  accepted.add(token)
}

export const isAccepted = (token: AccessToken): boolean => accepted.has(token)

/**
 * The token was requested because the API had refused another one. If a process or a tab has its
 * own token refused, this is the only kind that it takes from another one: the API may have ended
 * all sessions, and a token from before would be refused as well.
 */
export const noteReplacement = (token: AccessToken): void => {
  replacements.add(token)
}

export const isReplacement = (token: AccessToken): boolean => replacements.has(token)

/**
 * What has happened to a token. This is stored outside the token: the code that creates a token
 * cannot know it, and a token is an immutable value.
 */
import type { AccessToken } from "../../AccessToken.js"

const accepted = new WeakSet<AccessToken>()
const replacements = new WeakSet<AccessToken>()

/** Notes that the API returned data for the token, which then no longer counts as new. */
export const noteAccepted = (token: AccessToken): void => {
  accepted.add(token)
}

export const isAccepted = (token: AccessToken): boolean => accepted.has(token)

/**
 * Notes that the token was requested because the API had refused another token.
 *
 * A process or tab whose own token was refused can also use a token of another process or tab, but
 * only if that token is such a replacement or was obtained after the refusal. The API may have
 * ended all sessions, and then refuses every token from before the refusal.
 */
export const noteReplacement = (token: AccessToken): void => {
  replacements.add(token)
}

export const isReplacement = (token: AccessToken): boolean => replacements.has(token)

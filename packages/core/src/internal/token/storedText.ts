/** Writes a token as text that names the token's owner, and reads this text. */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as AccessToken from "../../AccessToken.js"
import { isJsonObject } from "../../JsonValue.js"
import type { Key, TokenStoreError } from "../../TokenStore.js"
import { parseJson } from "../parseJson.js"
import * as TokenHistory from "./history.js"

/**
 * The version of the text's format. It is part of the name of a stored token, so that two releases
 * with different formats do not overwrite each other's tokens.
 */
const format = 1

/**
 * The name of the token in a store. The parts of the name are written as JSON, so they stay
 * separate even if they contain commas or quotes.
 */
export const storedName = (key: Key): string =>
  `innerspace-metrics/token/${format}/${JSON.stringify(ownerOf(key))}`

const ownerOf = (key: Key): ReadonlyArray<string | null> => [
  key.version,
  key.tokenUrl,
  key.audience ?? null,
  key.clientId
]

export const encodeStoredToken = (
  key: Key,
  token: AccessToken.AccessToken
): Redacted.Redacted<string> =>
  Redacted.make(
    JSON.stringify({
      format,
      owner: ownerOf(key),
      obtainedAt: token.obtainedAt.epochMillis,
      expiresAt: Option.getOrNull(Option.map(token.expiresAt, DateTime.toEpochMillis)),
      token: Redacted.value(token.value),
      isReplacement: TokenHistory.isReplacement(token)
    })
  )

/**
 * Reads a stored token. `None` if the token has expired. The errors do not quote the text, because
 * it contains the token.
 */
export const decodeStoredToken = (
  key: Key,
  text: string
): Effect.Effect<
  Option.Option<AccessToken.AccessToken>,
  ConstructorParameters<typeof TokenStoreError>[0]
> =>
  Effect.gen(function* () {
    const stored = Either.getOrNull(parseJson(text))
    if (!isJsonObject(stored)) return yield* damaged("is not a JSON object")
    if (stored["format"] !== format) return yield* damaged(`is not in format ${format}`)
    if (JSON.stringify(stored["owner"]) !== JSON.stringify(ownerOf(key))) return yield* otherClient
    const { expiresAt, token } = stored
    const obtainedAt = Option.filter(
      Option.fromNullable(stored["obtainedAt"]),
      (millis) => typeof millis === "number"
    ).pipe(Option.flatMap(DateTime.make))
    if (Option.isNone(obtainedAt)) return yield* damaged("does not say when it was obtained")
    if (expiresAt !== null && typeof expiresAt !== "number") {
      return yield* damaged("does not say when it expires")
    }
    if (typeof token !== "string") return yield* damaged("holds no token")
    if (expiresAt !== null && expiresAt <= (yield* Clock.currentTimeMillis)) return Option.none()
    return yield* AccessToken.make({
      value: Redacted.make(token),
      header: key.header,
      obtainedAt: DateTime.toUtc(obtainedAt.value),
      ...(expiresAt === null
        ? {}
        : { expiresIn: (expiresAt - obtainedAt.value.epochMillis) / 1000 }),
      isShared: true
    }).pipe(
      Effect.map((token) => {
        if (stored["isReplacement"] === true) TokenHistory.noteReplacement(token)
        return Option.some(token)
      }),
      Effect.catchAll(() => damaged("holds no token that can be used"))
    )
  })

const damaged = (
  what: string
): Effect.Effect<never, ConstructorParameters<typeof TokenStoreError>[0]> =>
  Effect.fail({
    reason: "Damaged",
    problem: `The stored access token ${what}`,
    hint: "No action is needed: a new token replaces it"
  })

const otherClient: Effect.Effect<never, ConstructorParameters<typeof TokenStoreError>[0]> =
  Effect.fail({
    reason: "OtherClient",
    problem: "The stored access token belongs to another client, audience, URL or generation",
    hint: "Store the token of each in a different place. A new token replaces this one"
  })

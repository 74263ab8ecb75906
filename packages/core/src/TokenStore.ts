/**
 * Stores of access tokens. A stored token outlives the process, so the next process does not need
 * to request a token.
 */
import type * as KeyValueStore from "@effect/platform/KeyValueStore"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type AccessToken, isSame } from "./AccessToken.js"
import * as Api from "./Api.js"
import { type Described, described } from "./internal/described.js"
import { checkOptions } from "./internal/options/check.js"
import { isText } from "./internal/options/kinds.js"
import type { Place } from "./internal/token/place.js"
import { decodeStoredToken, encodeStoredToken, storedName } from "./internal/token/storedText.js"
import * as StoredToken from "./internal/token/throughStore.js"
import type { ConfigurationError } from "./MetricsError.js"

/**
 * The owner of a token and the API that accepts the token. A store returns a token only for the key
 * under which the token was stored.
 */
export interface Key {
  readonly version: Api.Api["version"]
  /** URL of the token endpoint, which begins with the base URL. */
  readonly tokenUrl: string
  readonly audience: string | undefined
  readonly clientId: string
  /** The header that will carry the token. The header is not stored. */
  readonly header: Api.Api["credential"]
}

/**
 * Returns the key for the token of a client at an API. Fails with a `ConfigurationError` for a base
 * URL that cannot be used.
 *
 * The client secret is not part of the key. A token therefore stays in use when the secret changes,
 * and the stored data cannot be used to guess the secret.
 *
 * @example
 * ```ts
 * import { Api, TokenStore } from "@innerspace-metrics/core"
 *
 * const key = TokenStore.key(Api.v2, "my-backend")
 * ```
 */
export const key = (api: Api.Api, clientId: string): Either.Either<Key, ConfigurationError> =>
  Either.map(
    Either.flatMap(checkOptions({ clientId: isText }, { clientId }), () => Api.tokenUrl(api)),
    (tokenUrl) => ({
      version: api.version,
      tokenUrl,
      audience: api.token.audience,
      clientId,
      header: api.credential
    })
  )

/**
 * The operations of a `TokenStore`.
 */
export interface TokenStore {
  /**
   * Returns the stored token of the key, or `None` if the token is missing or has expired. The
   * token has `isShared: true`. Fails with a `TokenStoreError`: `Damaged` or `OtherClient` if the
   * stored text cannot be used, `Insecure` if other users could read the text.
   */
  readonly get: (key: Key) => Effect.Effect<Option.Option<AccessToken>, TokenStoreError>
  /** Stores a token, and replaces the stored token of the key. */
  readonly set: (key: Key, token: AccessToken) => Effect.Effect<void, TokenStoreError>
  /** Removes this token. If the key has a different token, that token stays stored. */
  readonly remove: (key: Key, token: AccessToken) => Effect.Effect<void, TokenStoreError>
  /**
   * Waits for the key's lock, and holds it until the scope closes. For `TokenProvider.cached`, the
   * lock only saves token requests: a caller that waits too long continues without the lock.
   */
  readonly lock: (key: Key) => Effect.Effect<void, TokenStoreError, Scope.Scope>
}

/**
 * The service that keeps tokens for other processes.
 *
 * @example
 * ```ts
 * import { TokenStore } from "@innerspace-metrics/core"
 * import * as KeyValueStore from "@effect/platform/KeyValueStore"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const StoreLive = Layer.effect(
 *   TokenStore.TokenStore,
 *   Effect.map(KeyValueStore.KeyValueStore, (store) => TokenStore.fromKeyValueStore(store))
 * )
 * ```
 */
export const TokenStore: Context.Tag<TokenStore, TokenStore> =
  /* @__PURE__ */ Context.GenericTag<TokenStore>("@innerspace-metrics/core/TokenStore")

/**
 * Combines a store and a key. The result is the place where `TokenProvider.cached` stores its
 * token.
 *
 * @example
 * ```ts
 * import { TokenStore } from "@innerspace-metrics/core"
 *
 * const keptIn = (store: TokenStore.TokenStore, key: TokenStore.Key) => ({
 *   store: TokenStore.place(store, key)
 * })
 * ```
 */
export const place = (store: TokenStore, key: Key): Place => ({
  _tag: "Place",
  open: (settings) => StoredToken.make(store, key, settings)
})

/**
 * Why a store cannot return or keep a token.
 *
 * - `Unavailable`: the store cannot be read or written, or did not respond in time
 * - `Insecure`: users other than the owner of the store could read or change the stored text
 * - `Damaged`: the stored text is not a token
 * - `OtherClient`: the stored token belongs to another client, audience, URL or generation
 */
type TokenStoreReason = "Unavailable" | "Insecure" | "Damaged" | "OtherClient"

/** The fields of a `TokenStoreError`. */
interface TokenStoreErrorFields {
  readonly reason: TokenStoreReason
  /** What is wrong, without the stored text. */
  readonly problem: string
  /** The next step, in a sentence. */
  readonly hint: string
}

/**
 * A store cannot return or keep a token. Calls do not fail with this error. The provider logs the
 * error as a warning, and continues as without a store.
 *
 * @example
 * ```ts
 * import { TokenStore } from "@innerspace-metrics/core"
 *
 * const full = new TokenStore.TokenStoreError({
 *   reason: "Unavailable",
 *   problem: "The store of tokens is full",
 *   hint: "Make room in it"
 * })
 * ```
 */
export class TokenStoreError extends Data.TaggedError("TokenStoreError")<
  Described<TokenStoreErrorFields>
> {
  constructor(fields: TokenStoreErrorFields) {
    super(described(fields))
  }
}

/**
 * Waits for a lock, acquires it, and releases it when the scope closes. The release must not hang.
 */
type Lock = (name: string) => Effect.Effect<void, TokenStoreError, Scope.Scope>

/** The operations of something that stores texts by name. */
export interface Texts {
  readonly get: (name: string) => Effect.Effect<Option.Option<string>, TokenStoreError>
  readonly set: (
    name: string,
    text: Redacted.Redacted<string>
  ) => Effect.Effect<void, TokenStoreError>
  readonly remove: (name: string) => Effect.Effect<void, TokenStoreError>
  readonly lock: Lock
}

/**
 * Creates a store over something that stores texts by name: a keychain, a vault, a database table.
 *
 * Each stored text names the owner of its token. The store checks the owner when it reads the text.
 * The name of a text consists of printable ASCII characters if the client id consists of such
 * characters.
 *
 * @example
 * ```ts
 * import { TokenStore } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 * import * as Option from "effect/Option"
 * import * as Redacted from "effect/Redacted"
 *
 * declare const vault: Map<string, string>
 *
 * const store = TokenStore.make({
 *   get: (name) => Effect.sync(() => Option.fromNullable(vault.get(name))),
 *   set: (name, text) => Effect.sync(() => void vault.set(name, Redacted.value(text))),
 *   remove: (name) => Effect.sync(() => void vault.delete(name)),
 *   lock: () => Effect.void
 * })
 * ```
 */
export const make = (given: Texts): TokenStore => {
  const texts = checkedTexts(given)
  const get = (key: Key) =>
    Effect.flatMap(
      texts.get(storedName(key)),
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: (text) =>
          Effect.mapError(decodeStoredToken(key, text), (fields) => new TokenStoreError(fields))
      })
    )
  return {
    get,
    set: (key, token) => texts.set(storedName(key), encodeStoredToken(key, token)),
    remove: (key, token) =>
      Effect.flatMap(get(key), (stored) =>
        Option.exists(stored, (found) => isSame(found, token))
          ? texts.remove(storedName(key))
          : Effect.void
      ),
    lock: (key) => texts.lock(storedName(key))
  }
}

/**
 * Returns the functions of the given object with checks, because JavaScript callers can pass an
 * object whose functions are missing or throw. Such an object must not break a call.
 */
const checkedTexts = (given: Texts): Texts => {
  const run =
    <Parameters extends ReadonlyArray<unknown>, A, R>(
      name: keyof Texts,
      use: (texts: Texts, ...parameters: Parameters) => Effect.Effect<A, TokenStoreError, R>
    ) =>
    (...parameters: Parameters): Effect.Effect<A, TokenStoreError, R> =>
      typeof given?.[name] === "function"
        ? Effect.suspend(() => use(given, ...parameters))
        : new TokenStoreError({
            reason: "Unavailable",
            problem: `The object passed to TokenStore.make has no function ${name}`,
            hint: "Pass get, set, remove and lock, as in TokenStore.Texts"
          })
  return {
    get: run("get", (texts, name: string) => texts.get(name)),
    set: run("set", (texts, name: string, text: Redacted.Redacted<string>) =>
      texts.set(name, text)
    ),
    remove: run("remove", (texts, name: string) => texts.remove(name)),
    lock: run("lock", (texts, name: string) => texts.lock(name))
  }
}

/**
 * Creates a store over any `KeyValueStore` of `@effect/platform`.
 *
 * A `KeyValueStore` has no locks, so processes that start at the same moment each request a token.
 * Processes that start later use the last token that was stored. If the underlying store has locks,
 * pass `lock`.
 *
 * @example
 * ```ts
 * import { TokenStore } from "@innerspace-metrics/core"
 * import * as KeyValueStore from "@effect/platform/KeyValueStore"
 * import * as Effect from "effect/Effect"
 *
 * const store = Effect.map(KeyValueStore.KeyValueStore, (values) =>
 *   TokenStore.fromKeyValueStore(KeyValueStore.prefix(values, "my-team/"))
 * )
 * ```
 */
export const fromKeyValueStore = (
  store: KeyValueStore.KeyValueStore,
  lock: Lock = () => Effect.void
): TokenStore => {
  const unavailable = Effect.mapError(
    (error: { readonly message: string }) =>
      new TokenStoreError({
        reason: "Unavailable",
        problem: `The key-value store for tokens failed: ${error.message}`,
        hint: "Check that it can be reached, read and written"
      })
  )
  return make({
    get: (name) => unavailable(Effect.suspend(() => store.get(name))),
    set: (name, text) => unavailable(Effect.suspend(() => store.set(name, Redacted.value(text)))),
    remove: (name) => unavailable(Effect.suspend(() => store.remove(name))),
    lock
  })
}

/**
 * Creates a store in memory. Providers with the same store share their tokens, and nothing outlives
 * the process.
 *
 * @example
 * ```ts
 * import { TokenStore } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.flatMap(TokenStore.makeMemory, (store) => Effect.log(store))
 * ```
 */
export const makeMemory: Effect.Effect<TokenStore> = Effect.sync(() => {
  const texts = new Map<string, Redacted.Redacted<string>>()
  const locks = new Map<string, Effect.Semaphore>()
  const lockOf = (name: string): Effect.Semaphore => {
    const lock = locks.get(name) ?? Effect.unsafeMakeSemaphore(1)
    locks.set(name, lock)
    return lock
  }
  return make({
    get: (name) =>
      Effect.sync(() => Option.map(Option.fromNullable(texts.get(name)), Redacted.value)),
    set: (name, text) => Effect.sync(() => texts.set(name, text)),
    remove: (name) => Effect.sync(() => texts.delete(name)),
    lock: (name) =>
      Effect.suspend(() => {
        const lock = lockOf(name)
        return Effect.uninterruptibleMask((restore) =>
          Effect.zipRight(
            restore(lock.take(1)),
            Effect.addFinalizer(() => lock.release(1))
          )
        )
      })
  })
})

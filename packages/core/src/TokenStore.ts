/**
 * Where an access token outlives the process that asked for it, so that the next process need not
 * ask again.
 */
import type * as KeyValueStore from "@effect/platform/KeyValueStore"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type AccessToken, isSame } from "./AccessToken.js"
import * as Api from "./Api.js"
import { checkOptions } from "./internal/options/check.js"
import { isText } from "./internal/options/kinds.js"
import { decodeStoredToken, encodeStoredToken, storedName } from "./internal/token/storedText.js"
import * as StoredToken from "./internal/token/throughStore.js"
import type { ConfigurationError } from "./MetricsError.js"

/** Whose token it is, and for what. A token is only ever given to who asks with the same key. */
export interface Key {
  readonly version: Api.Version
  /** URL of the token endpoint, which begins with the base URL. */
  readonly tokenUrl: string
  readonly audience: string | undefined
  readonly clientId: string
  /** The header that will carry the token. It is not stored. */
  readonly header: Api.CredentialHeader
}

/**
 * The key of a client at an API. Fails with a `ConfigurationError` for a base URL that cannot be
 * used.
 *
 * The client secret is no part of it: a token lives on when the secret changes, and nothing that is
 * stored can be used to guess a secret.
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
 * What a `TokenStore` does.
 */
export interface TokenStoreService {
  /**
   * The stored token of the key, marked as shared. None where there is none or it has expired.
   * Fails with a `TokenStoreError`: `Damaged` or `OtherClient` for what cannot be used, `Insecure`
   * for what others could read.
   */
  readonly get: (key: Key) => Effect.Effect<Option.Option<AccessToken>, TokenStoreError>
  /** Stores a token in place of whatever is there. */
  readonly set: (key: Key, token: AccessToken) => Effect.Effect<void, TokenStoreError>
  /** Removes this token; another one, or none, stays as it is. */
  readonly remove: (key: Key, token: AccessToken) => Effect.Effect<void, TokenStoreError>
  /**
   * Waits until nobody else holds the key's lock, and holds it until the scope closes. It saves
   * requests for a token and guards nothing else: who waits for too long goes on without.
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
export class TokenStore extends Context.Tag("@innerspace-metrics/core/TokenStore")<
  TokenStore,
  TokenStoreService
>() {}

/** Where a provider's token is kept: made by `place`. */
export interface Place {
  readonly _tag: "Place"
  /**
   * The token that is kept there, for a provider that says when it is fresh. The place brings the
   * code along, so that a page without a store does not load it. @internal
   */
  readonly open: (settings: StoredToken.Settings) => StoredToken.StoredToken
}

/**
 * A key of a store as the place of a provider's token, for `TokenProvider.cached`.
 *
 * @example
 * ```ts
 * import { TokenStore } from "@innerspace-metrics/core"
 *
 * const keptIn = (store: TokenStore.TokenStoreService, key: TokenStore.Key) => ({
 *   store: TokenStore.place(store, key)
 * })
 * ```
 */
export const place = (store: TokenStoreService, key: Key): Place => ({
  _tag: "Place",
  open: (settings) => StoredToken.make(store, key, settings)
})

/**
 * Why a store has no token to give or cannot keep one.
 *
 * - `Unavailable`: it cannot be read or written, or did not answer in time
 * - `Insecure`: others than its owner could read or change what is stored
 * - `Damaged`: what is stored is no token
 * - `OtherClient`: what is stored is the token of another client, audience, URL or generation
 */
export type TokenStoreReason = "Unavailable" | "Insecure" | "Damaged" | "OtherClient"

/** What a `TokenStoreError` is made of. */
export interface TokenStoreErrorFields {
  readonly reason: TokenStoreReason
  /** What is wrong: the thing, never what is stored in it. */
  readonly problem: string
  /** The next step, in a sentence. */
  readonly hint: string
}

/**
 * A store has no token to give or cannot keep one. No call fails with it: a token is asked for as
 * if there were no store.
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
  TokenStoreErrorFields & { readonly message: string }
> {
  constructor(fields: TokenStoreErrorFields) {
    super({ ...fields, message: `${fields.problem}. ${fields.hint}.` })
  }
}

/**
 * Takes a lock, waiting for it, and gives it back when the scope closes, which has to end by
 * itself.
 */
export type Lock = (name: string) => Effect.Effect<void, TokenStoreError, Scope.Scope>

/** Something that keeps texts by name. */
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
 * A store on something that keeps texts by name: a keychain, a vault, a table.
 *
 * A text says whose token it holds, which is checked when it is read. Names are of printable ASCII
 * characters for every client id that is.
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
export const make = (given: Texts): TokenStoreService => {
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
 * Only JavaScript gives functions that are missing, or throw, and a store that cannot be used must
 * not break a call.
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
            problem: `What keeps the texts of tokens has no function ${name}`,
            hint: "Give get, set, remove and lock, as TokenStore.Texts has them"
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
 * A store on any `KeyValueStore` of the platform.
 *
 * A `KeyValueStore` has no locks, so processes that start at the same moment each ask for a token;
 * those that start later use the last one. Give `lock` where the thing behind it can lock.
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
): TokenStoreService => {
  const unavailable = Effect.mapError(
    (error: { readonly message: string }) =>
      new TokenStoreError({
        reason: "Unavailable",
        problem: `The key-value store of tokens failed: ${error.message}`,
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
 * A store in memory: providers that are given the same one share their tokens, and nothing outlives
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
export const makeMemory: Effect.Effect<TokenStoreService> = Effect.sync(() => {
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

/**
 * `makeMemory` as a layer.
 *
 * @example
 * ```ts
 * import { TokenStore } from "@innerspace-metrics/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.flatMap(TokenStore.TokenStore, Effect.log).pipe(
 *   Effect.provide(TokenStore.layerMemory)
 * )
 * ```
 */
export const layerMemory: Layer.Layer<TokenStore> = Layer.effect(TokenStore, makeMemory)

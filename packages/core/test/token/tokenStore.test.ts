import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"

import {
  key,
  keyOf,
  logging,
  makeEndpoint,
  makeTexts,
  settled,
  text,
  tokenOf
} from "../support/storedTokens.js"

const stores: ReadonlyArray<readonly [string, Effect.Effect<TokenStore.TokenStore>]> = [
  ["in memory", TokenStore.makeMemory],
  ["on a KeyValueStore", Effect.map(makeTexts, ({ store }) => store)]
]

for (const [name, makeStore] of stores) {
  describe(`a store ${name}`, () => {
    it.effect(
      "a store returns the token with its times and the header of the key, marked as shared",
      () =>
        Effect.gen(function* () {
          const store = yield* makeStore
          assert.deepStrictEqual(yield* store.get(key), Option.none())
          yield* TestClock.setTime(1_732_406_400_123)
          const token = yield* tokenOf("t0k3n", 86_400.5)
          yield* store.set(key, token)
          yield* TestClock.adjust("1 hour")
          const stored = Option.getOrThrow(yield* store.get(key))
          assert.strictEqual(text(stored), "t0k3n")
          assert.deepStrictEqual(
            { ...stored, value: undefined },
            { ...token, value: undefined, isShared: true }
          )
        })
    )

    it.effect("a store returns no token at its expiry or after", () =>
      Effect.gen(function* () {
        const store = yield* makeStore
        yield* store.set(key, yield* tokenOf("t0k3n", 60))
        yield* TestClock.adjust("59999 millis")
        assert.isTrue(Option.isSome(yield* store.get(key)))
        yield* TestClock.adjust("1 millis")
        assert.deepStrictEqual(yield* store.get(key), Option.none())
      })
    )

    it.effect("a store keeps a token without an expiry", () =>
      Effect.gen(function* () {
        const store = yield* makeStore
        yield* store.set(key, yield* tokenOf("s3ss10n"))
        yield* TestClock.adjust("3650 days")
        const stored = Option.getOrThrow(yield* store.get(key))
        assert.deepStrictEqual(stored.expiresAt, Option.none())
      })
    )

    it.effect("a store has one token for each generation, base URL, audience and client", () =>
      Effect.gen(function* () {
        const store = yield* makeStore
        const v2 = Api.withBaseUrl(Api.v2, "https://proxy.example.com")
        const keys = [
          key,
          keyOf(Api.v1, "other"),
          keyOf(Api.v1, 'my-backend","x'),
          keyOf(Api.v1, "\ud800"),
          keyOf(Api.v1_5),
          keyOf(Api.withBaseUrl(Api.v1, "https://api.innerspace.io")),
          keyOf(Api.v2),
          keyOf(v2),
          keyOf({ ...v2, token: { ...v2.token, audience: "other" } })
        ]
        for (const [index, key] of keys.entries())
          yield* store.set(key, yield* tokenOf(`token-${index}`))
        const stored = yield* Effect.forEach(keys, store.get)
        assert.deepStrictEqual(
          stored.map((token) => text(Option.getOrThrow(token))),
          keys.map((_, index) => `token-${index}`)
        )
      })
    )

    it.effect("a store removes the given token, and no other", () =>
      Effect.gen(function* () {
        const store = yield* makeStore
        const [old, current] = [yield* tokenOf("old"), yield* tokenOf("current")]
        yield* store.remove(key, old)
        yield* store.set(key, current)
        yield* store.remove(key, old)
        assert.isTrue(Option.isSome(yield* store.get(key)))
        yield* store.remove(key, current)
        assert.deepStrictEqual(yield* store.get(key), Option.none())
      })
    )

    it.scoped("providers with one store use one token", () =>
      Effect.gen(function* () {
        const store = yield* makeStore
        const endpoint = makeEndpoint(3_600)
        for (let run = 0; run < 3; run++) {
          const provider = yield* TokenProvider.cached(endpoint.acquire, {
            store: TokenStore.place(store, key)
          })
          assert.strictEqual(text(yield* provider.get), "token-1")
        }
        assert.strictEqual(endpoint.requests(), 1)
      })
    )

    it.scoped("a stored token that is due for renewal is renewed once for all providers", () =>
      Effect.gen(function* () {
        const store = yield* makeStore
        const endpoint = makeEndpoint(3_600)
        const make = TokenProvider.cached(endpoint.acquire, {
          store: TokenStore.place(store, key)
        })
        const [first, second] = [yield* make, yield* make]
        yield* first.get
        yield* second.get
        yield* TestClock.adjust("3500 seconds")
        assert.strictEqual(text(yield* first.get), "token-1")
        yield* settled
        assert.strictEqual(text(yield* first.get), "token-2")
        assert.strictEqual(text(yield* second.get), "token-1")
        yield* settled
        assert.strictEqual(text(yield* second.get), "token-2")
        assert.strictEqual(endpoint.requests(), 2)
      })
    )

    it.scoped("a token of another process is used until it is due for renewal", () =>
      Effect.gen(function* () {
        const store = yield* makeStore
        const endpoint = makeEndpoint(3_600)
        const make = TokenProvider.cached(endpoint.acquire, { store: TokenStore.place(store, key) })
        yield* (yield* make).get
        yield* TestClock.adjust("3479999 millis")
        assert.strictEqual(text(yield* (yield* make).get), "token-1")
        yield* TestClock.adjust("1 millis")
        assert.strictEqual(text(yield* (yield* make).get), "token-2")
      })
    )

    it.scoped("a stored token without an expiry is requested once", () =>
      Effect.gen(function* () {
        const store = yield* makeStore
        const endpoint = makeEndpoint()
        const make = TokenProvider.cached(endpoint.acquire, { store: TokenStore.place(store, key) })
        yield* (yield* make).get
        yield* TestClock.adjust("3650 days")
        assert.strictEqual(text(yield* (yield* make).get), "token-1")
      })
    )

    it.scoped("a refused token is removed from the store, and renewed once for all", () =>
      Effect.gen(function* () {
        const store = yield* makeStore
        const endpoint = makeEndpoint(3_600)
        const make = TokenProvider.cached(endpoint.acquire, { store: TokenStore.place(store, key) })
        const [first, second] = [yield* make, yield* make]
        const [ofFirst, ofSecond] = [yield* first.get, yield* second.get]
        yield* first.invalidate(ofFirst)
        yield* settled
        assert.deepStrictEqual(yield* store.get(key), Option.none())
        assert.strictEqual(text(yield* first.get), "token-2")
        yield* second.invalidate(ofSecond)
        yield* settled
        const renewed = yield* second.get
        assert.strictEqual(text(renewed), "token-2")
        assert.isTrue(renewed.isShared)
        assert.strictEqual(endpoint.requests(), 2)
      })
    )
  })
}

describe("lock of a store", () => {
  it.scoped("a hundred providers that start at once make one request", () =>
    Effect.gen(function* () {
      const store = yield* TokenStore.makeMemory
      const endpoint = makeEndpoint(3_600)
      const open = yield* endpoint.hold
      const providers = yield* Effect.all(
        Array.from({ length: 100 }, () =>
          TokenProvider.cached(endpoint.acquire, { store: TokenStore.place(store, key) })
        )
      )
      const asking = yield* Effect.fork(
        Effect.forEach(providers, ({ get }) => get, { concurrency: "unbounded" })
      )
      yield* settled
      yield* open
      const tokens = yield* Fiber.join(asking)
      assert.isTrue(tokens.every((token) => text(token) === "token-1"))
      assert.strictEqual(endpoint.requests(), 1)
    })
  )

  it.scoped("a provider that waits too long for the lock continues without it", () =>
    logging((messages) =>
      Effect.gen(function* () {
        const store = yield* TokenStore.makeMemory
        const endpoint = makeEndpoint(3_600)
        yield* store.lock(key)
        const provider = yield* TokenProvider.cached(endpoint.acquire, {
          store: TokenStore.place(store, key)
        })
        const asking = yield* Effect.fork(provider.get)
        yield* TestClock.adjust("14999 millis")
        assert.strictEqual(endpoint.requests(), 0)
        yield* TestClock.adjust("1 millis")
        assert.strictEqual(text(yield* Fiber.join(asking)), "token-1")
        assert.isTrue(Option.isSome(yield* store.get(key)))
        assert.deepStrictEqual(messages, [
          "The token store could not be locked within 15s; continuing without it"
        ])
      })
    )
  )

  it.scoped("a provider waits for the lock for half of the deadline, if that is less", () =>
    logging((messages) =>
      Effect.gen(function* () {
        const store = yield* TokenStore.makeMemory
        yield* store.lock(key)
        for (const [deadline, wait] of [
          ["10 seconds", "5s"],
          ["10 minutes", "15s"]
        ] as const) {
          const provider = yield* TokenProvider.cached(makeEndpoint().acquire, {
            store: TokenStore.place({ ...store, get: () => Effect.succeedNone }, key),
            retry: RetryPolicy.make({ deadline })
          })
          const asking = yield* Effect.fork(provider.get)
          yield* TestClock.adjust("1 minute")
          yield* Fiber.join(asking)
          assert.include(messages.at(-1), `could not be locked within ${wait};`)
        }
      })
    )
  )

  it.scoped(
    "a scope that closes while its provider waits for the lock fails the waiting callers",
    () =>
      Effect.gen(function* () {
        const store = yield* TokenStore.makeMemory
        const endpoint = makeEndpoint(3_600)
        const held = yield* Scope.make()
        yield* Scope.extend(store.lock(key), held)
        const scope = yield* Scope.make()
        const closing = yield* Scope.extend(
          TokenProvider.cached(endpoint.acquire, { store: TokenStore.place(store, key) }),
          scope
        )
        const asking = yield* Effect.fork(Effect.flip(closing.get))
        yield* settled
        yield* Scope.close(scope, Exit.void)
        assert.strictEqual((yield* Fiber.join(asking)).reason, "Closed")
        yield* Scope.close(held, Exit.void)
        const provider = yield* TokenProvider.cached(endpoint.acquire, {
          store: TokenStore.place(store, key)
        })
        assert.strictEqual(text(yield* provider.get), "token-1")
      })
  )

  it.scoped("the lock is released when the request fails or its scope closes", () =>
    Effect.gen(function* () {
      const store = yield* TokenStore.makeMemory
      const endpoint = makeEndpoint(3_600)
      const failing = yield* TokenProvider.cached(
        AccessToken.make({
          value: Redacted.make(""),
          header: Api.v1.credential
        }),
        { store: TokenStore.place(store, key) }
      )
      assert.strictEqual((yield* Effect.flip(failing.get)).reason, "InvalidAnswer")
      const scope = yield* Scope.make()
      const hanging = yield* Scope.extend(
        TokenProvider.cached(Effect.never, { store: TokenStore.place(store, key) }),
        scope
      )
      yield* Effect.fork(hanging.get)
      yield* settled
      yield* Scope.close(scope, Exit.void)
      const provider = yield* TokenProvider.cached(endpoint.acquire, {
        store: TokenStore.place(store, key)
      })
      assert.strictEqual(text(yield* provider.get), "token-1")
    })
  )
})

describe("key of a store", () => {
  it.effect("TokenStore.key fails for an invalid base URL", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(TokenStore.key(Api.withBaseUrl(Api.v1, "nowhere"), "id"))
      assert.strictEqual(error.reason, "InvalidBaseUrl")
    })
  )

  it("TokenStore.key is the same for every spelling of a base URL", () => {
    assert.deepStrictEqual(keyOf(Api.withBaseUrl(Api.v1, `${Api.v1.baseUrl.toUpperCase()}/`)), key)
  })
})

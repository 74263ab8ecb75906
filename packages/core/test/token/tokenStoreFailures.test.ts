import * as PlatformError from "@effect/platform/Error"
import * as KeyValueStore from "@effect/platform/KeyValueStore"
import { assert, describe, it } from "@effect/vitest"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"

import {
  key,
  logging,
  makeEndpoint,
  makeTexts,
  settled,
  text,
  tokenOf
} from "../support/storedTokens.js"

it("an error of a store has one full stop between the problem and the hint", () => {
  const error = new TokenStore.TokenStoreError({
    reason: "Unavailable",
    problem: "The store is away.",
    hint: "Try again"
  })
  assert.strictEqual(error.message, "The store is away. Try again.")
})

describe("stored texts that are not trusted", () => {
  it.scoped("a stored token from the future of this machine's clock is not used", () =>
    Effect.gen(function* () {
      const { store } = yield* makeTexts
      const endpoint = makeEndpoint(3_600)
      yield* TestClock.setTime(3_600_000)
      yield* store.set(key, yield* tokenOf("of-the-future", 3_600))
      const make = TokenProvider.cached(endpoint.acquire, { store: TokenStore.place(store, key) })
      yield* TestClock.setTime(3_600_000 - 30_000)
      assert.strictEqual(text(yield* (yield* make).get), "of-the-future")
      yield* TestClock.setTime(3_600_000 - 30_001)
      assert.strictEqual(text(yield* (yield* make).get), "token-1")
    })
  )

  it.scoped("a stored token that is older than the refused one is not used", () =>
    Effect.gen(function* () {
      const { store } = yield* makeTexts
      const endpoint = makeEndpoint(3_600)
      const provider = yield* TokenProvider.cached(endpoint.acquire, {
        store: TokenStore.place(store, key)
      })
      const old = yield* tokenOf("old", 3_600)
      yield* TestClock.adjust("1 second")
      const current = yield* provider.get
      yield* store.set(key, old)
      yield* provider.invalidate(current)
      assert.strictEqual(text(yield* provider.get), "token-2")
      assert.strictEqual(text(Option.getOrThrow(yield* store.get(key))), "token-2")
    })
  )

  it.scoped("a token request from before a refusal does not store its token", () =>
    Effect.gen(function* () {
      const { store } = yield* makeTexts
      const endpoint = makeEndpoint(3_600)
      const provider = yield* TokenProvider.cached(endpoint.acquire, {
        store: TokenStore.place(store, key)
      })
      const old = yield* provider.get
      yield* TestClock.adjust("3500 seconds")
      const open = yield* endpoint.hold
      yield* provider.get
      yield* settled
      yield* provider.invalidate(old)
      yield* open
      yield* settled
      assert.deepStrictEqual(yield* store.get(key), Option.none())
      assert.strictEqual(text(yield* provider.get), "token-3")
    })
  )

  it.scoped("a refused token that cannot be removed from the store is not used", () =>
    Effect.gen(function* () {
      const { store } = yield* makeTexts
      const endpoint = makeEndpoint(3_600)
      const provider = yield* TokenProvider.cached(endpoint.acquire, {
        store: TokenStore.place({ ...store, remove: () => Effect.void }, key)
      })
      yield* provider.invalidate(yield* provider.get)
      assert.strictEqual(text(yield* provider.get), "token-2")
    })
  )

  for (const [field, values, says] of [
    ["obtainedAt", [undefined, null, "2024-01-01", {}, 1e300], "does not say when it was obtained"],
    ["expiresAt", [undefined, "2099-01-01", {}], "does not say when it expires"],
    ["token", [undefined, null, 7, ["t0k3n"]], "holds no token"],
    ["token", ["", "a b"], "holds no token that can be used"]
  ] as const) {
    it.effect(`a stored text whose ${field} ${says} is Damaged`, () =>
      Effect.gen(function* () {
        const { store, texts, only } = yield* makeTexts
        yield* store.set(key, yield* tokenOf("t0k3n", 3_600))
        const [name = ""] = texts.keys()
        const stored: Record<string, unknown> = JSON.parse(only())
        for (const value of values) {
          texts.set(name, JSON.stringify({ ...stored, [field]: value }))
          const error = yield* Effect.flip(store.get(key))
          assert.strictEqual(`${error._tag} ${error.reason}`, "TokenStoreError Damaged")
          assert.strictEqual(error.problem, `The stored access token ${says}`)
        }
      })
    )
  }

  it.effect("any stored text is a token, or an error that does not quote it", () =>
    Effect.gen(function* () {
      const { store, texts, only } = yield* makeTexts
      yield* store.set(key, yield* tokenOf("t0k3n", 3_600))
      const [name] = texts.keys()
      assert.isDefined(name)
      const whole = only()
      const stored: Record<string, unknown> = JSON.parse(whole)
      const runPromise = Runtime.runPromise(yield* Effect.runtime())
      const cut = FastCheck.nat({ max: whole.length - 1 }).map((end) => whole.slice(0, end))
      const changed = FastCheck.tuple(
        FastCheck.constantFrom(...Object.keys(stored)),
        FastCheck.oneof(
          FastCheck.jsonValue(),
          FastCheck.constantFrom(Number.MAX_VALUE, -1, -8.64e15, 8.64e15, "a\nb", "1")
        )
      ).map(([field, value]) => JSON.stringify({ ...stored, [field]: value }))
      const other = FastCheck.oneof(FastCheck.string({ unit: "binary" }), FastCheck.json())
      yield* Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(FastCheck.oneof(cut, changed, other), (text) => {
            texts.set(name, text)
            return runPromise(
              Effect.map(Effect.either(store.get(key)), (answer) => {
                if (Either.isRight(answer)) return
                assert.instanceOf(answer.left, TokenStore.TokenStoreError)
                assert.include(["Damaged", "OtherClient"], answer.left.reason)
                assert.notInclude(answer.left.message, "t0k3n")
              })
            )
          }),
          { numRuns: 500 }
        )
      )
    })
  )

  for (const [name, change] of [
    ["damaged", () => "{"],
    ["of another client", (text: string) => text.replace("my-backend", "other")],
    ["of another URL", (text: string) => text.replace("innrspc", "example")],
    ["of another generation", (text: string) => text.replace('"v1"', '"v2"')],
    ["of another audience", (text: string) => text.replace("null", '"other"')],
    ["of another format", (text: string) => text.replace('"format":1', '"format":2')]
  ] as const) {
    it.scoped(`a stored text that is ${name} is ignored with a warning, and replaced`, () =>
      logging((messages) =>
        Effect.gen(function* () {
          const { store, texts, only } = yield* makeTexts
          const endpoint = makeEndpoint(3_600)
          yield* store.set(key, yield* tokenOf("canary-token", 3_600))
          for (const [name, text] of texts) {
            texts.set(name, change(text))
            assert.notStrictEqual(texts.get(name), text)
          }
          const provider = yield* TokenProvider.cached(endpoint.acquire, {
            store: TokenStore.place(store, key)
          })
          assert.strictEqual(text(yield* provider.get), "token-1")
          assert.include(only(), "token-1")
          assert.isNotEmpty(messages)
          for (const message of messages) {
            assert.match(message, /^The stored access token (is|holds|belongs)/)
            assert.notInclude(message, "canary-token")
          }
        })
      )
    )
  }
})

describe("failing stores", () => {
  /** A store that fails in these steps, and does nothing in the other steps. */
  const broken = (
    how: Effect.Effect<never, TokenStore.TokenStoreError>,
    steps: ReadonlyArray<keyof TokenStore.Texts>
  ) => {
    const step = <A>(name: keyof TokenStore.Texts, otherwise: Effect.Effect<A>) =>
      steps.includes(name) ? how : otherwise
    return TokenStore.make({
      get: () => step("get", Effect.succeedNone),
      set: () => step("set", Effect.void),
      remove: () => step("remove", Effect.void),
      lock: () => step("lock", Effect.void)
    })
  }

  const failures: ReadonlyArray<
    readonly [string, Effect.Effect<never, TokenStore.TokenStoreError>, RegExp]
  > = [
    [
      "with an error",
      Effect.fail(
        new TokenStore.TokenStoreError({
          reason: "Unavailable",
          problem: "The store is full: token-1, token-2",
          hint: "Make room"
        })
      ),
      /^The store is full/
    ],
    ["with a defect", Effect.die(new Error("token-1 token-2")), /^The token store failed/],
    ["by an interruption", Effect.interrupt, /^The token store failed/],
    ["by hanging", Effect.never, /^The token store could not be (read|written|locked) within/],
    [
      "by hanging in what cannot be interrupted",
      Effect.uninterruptible(Effect.never),
      /^The token store could not be (read|written|locked) within/
    ]
  ]

  for (const [name, how, says] of failures) {
    for (const steps of [["get", "set", "remove", "lock"], ["get"], ["set"], ["lock"]] as const) {
      it.scoped(
        `a store that fails in ${steps.join(", ")} ${name} fails no call, and is a warning without a secret`,
        () =>
          logging((messages) =>
            Effect.gen(function* () {
              const endpoint = makeEndpoint(3_600)
              const provider = yield* TokenProvider.cached(endpoint.acquire, {
                store: TokenStore.place(broken(how, steps), key)
              })
              const asking = yield* Effect.fork(provider.get)
              yield* TestClock.adjust("20 seconds")
              const token = yield* Fiber.join(asking)
              assert.strictEqual(text(token), "token-1")
              yield* provider.invalidate(token)
              const again = yield* Effect.fork(provider.get)
              yield* TestClock.adjust("20 seconds")
              assert.strictEqual(text(yield* Fiber.join(again)), "token-2")
              assert.isNotEmpty(messages)
              for (const message of messages) assert.match(message, says)
              // The client knows only the secrets that it has written itself, so it redacts only
              // these.
              if (steps.length === 1 && steps[0] === "set") {
                for (const [index, message] of messages.entries()) {
                  assert.notInclude(message, `token-${index + 1}`)
                }
              }
            })
          )
      )
    }
  }

  const error = (reason: TokenStore.TokenStoreError["reason"]) =>
    Effect.fail(new TokenStore.TokenStoreError({ reason, problem: "no", hint: "-" }))

  for (const [name, get, steps] of [
    ["cannot be read", error("Unavailable"), []],
    ["breaks", Effect.die("broken"), []],
    ["holds a damaged text", error("Damaged"), ["lock", "set"]]
  ] as const) {
    it.scoped(
      `a store that ${name} is used for ${steps.join(" and ") || "nothing else"} in that attempt`,
      () =>
        Effect.gen(function* () {
          const asked: Array<string> = []
          const step = (name: string) => Effect.sync(() => void asked.push(name))
          const provider = yield* TokenProvider.cached(makeEndpoint(3_600).acquire, {
            store: TokenStore.place(
              TokenStore.make({
                get: () => get,
                set: () => step("set"),
                remove: () => step("remove"),
                lock: () => step("lock")
              }),
              key
            )
          })
          assert.strictEqual(text(yield* provider.get), "token-1")
          assert.deepStrictEqual(asked, [...steps])
        })
    )
  }

  it.effect("closing the layer does not wait for the removal of a refused token", () =>
    Effect.gen(function* () {
      let hanging = 0
      const hang = Effect.acquireUseRelease(
        Effect.sync(() => hanging++),
        () => Effect.never,
        () => Effect.sync(() => hanging--)
      )
      const scope = yield* Scope.make()
      const provider = yield* Scope.extend(
        TokenProvider.cached(makeEndpoint(3_600).acquire, {
          store: TokenStore.place({ ...broken(Effect.never, []), remove: () => hang }, key)
        }),
        scope
      )
      yield* provider.invalidate(yield* provider.get)
      yield* settled
      assert.strictEqual(hanging, 1)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(hanging, 0)
    })
  )

  it.scoped("a lock that is not released is waited for 5 seconds, and fails no call", () =>
    logging((messages) =>
      Effect.gen(function* () {
        const provider = yield* TokenProvider.cached(makeEndpoint(3_600).acquire, {
          store: TokenStore.place(
            { ...broken(Effect.never, []), lock: () => Effect.addFinalizer(() => Effect.never) },
            key
          )
        })
        const asking = yield* Effect.fork(provider.get)
        yield* TestClock.adjust("5 seconds")
        assert.strictEqual(text(yield* Fiber.join(asking)), "token-1")
        assert.deepStrictEqual(messages, [
          "The token store could not be unlocked within 5s; continuing without it"
        ])
      })
    )
  )

  for (const [name, steps] of [
    ["read a token", { get: () => Effect.uninterruptible(Effect.never) }],
    ["lock", { lock: () => Effect.uninterruptible(Effect.never) }],
    ["store a token", { set: () => Effect.uninterruptible(Effect.never) }],
    ["unlock", { lock: () => Effect.addFinalizer(() => Effect.never) }]
  ] as const) {
    it.effect(`a store that hangs when asked to ${name} does not keep a layer from closing`, () =>
      logging(() =>
        Effect.gen(function* () {
          const scope = yield* Scope.make()
          const provider = yield* Scope.extend(
            TokenProvider.cached(makeEndpoint(3_600).acquire, {
              store: TokenStore.place({ ...broken(Effect.never, []), ...steps }, key)
            }),
            scope
          )
          const asking = yield* Effect.fork(provider.get)
          yield* settled
          const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
          yield* TestClock.adjust("5 seconds")
          yield* Fiber.join(closing)
          // The request failed, because the layer was closed before its token arrived.
          yield* Fiber.await(asking)
        })
      )
    )
  }

  it.scoped("the warning of a failing store is not on the standard output by default", () =>
    Effect.gen(function* () {
      const calls: Array<unknown> = []
      const note = new Proxy(globalThis.console, { get: (_, method) => () => calls.push(method) })
      const console = { ...(yield* Effect.console), unsafe: note }
      const provider = yield* TokenProvider.cached(makeEndpoint(3_600).acquire, {
        store: TokenStore.place(broken(Effect.die("broken"), ["get"]), key)
      }).pipe(Effect.provide(Logger.add(Logger.defaultLogger)), Effect.withConsole(console))
      assert.strictEqual(text(yield* provider.get), "token-1")
      assert.deepStrictEqual(calls, ["warn"])
    })
  )

  it.effect("a KeyValueStore's failure is a typed error", () =>
    Effect.gen(function* () {
      const fail = Effect.fail(
        new PlatformError.SystemError({
          reason: "TimedOut",
          module: "KeyValueStore",
          method: "get",
          description: "no route to the server"
        })
      )
      const store = TokenStore.fromKeyValueStore(
        KeyValueStore.make({
          get: () => fail,
          getUint8Array: () => fail,
          set: () => fail,
          remove: () => fail,
          clear: fail,
          size: fail
        })
      )
      const token = yield* tokenOf("t0k3n")
      for (const step of [store.get(key), store.set(key, token), store.remove(key, token)]) {
        const error = yield* Effect.flip(step as Effect.Effect<unknown, TokenStore.TokenStoreError>)
        assert.strictEqual(error.reason, "Unavailable")
        assert.include(error.message, "no route to the server")
      }
    })
  )
})

import {
  chmod,
  chown,
  copyFile,
  mkdir,
  rename,
  rm,
  symlink,
  utimes,
  writeFile
} from "node:fs/promises"
import { dirname, join } from "node:path"
import { assert, describe, it, vi } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { FileTokenStore } from "@innerspace-metrics/node-adapter"
import * as Clock from "effect/Clock"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { until } from "../support/eventLoop.js"
import { renderings } from "../support/printed.js"
import { modeOf, namesIn, newDirectory, onlyFile, textOf } from "../support/tokenFiles.js"

const key = Either.getOrThrow(TokenStore.key(Api.v1, "my-backend"))

const otherKey = Either.getOrThrow(TokenStore.key(Api.v1, "other"))

const tokenOf = (value: string) =>
  AccessToken.make({ value: Redacted.make(value), header: Api.v1.credential, expiresIn: 3_600 })

const valueIn = (store: TokenStore.TokenStore, of = key) =>
  Effect.map(
    store.get(of),
    Option.map(({ value }) => Redacted.value(value))
  )

/** A store with a stored token, and the path of its file. */
const storeWithToken = Effect.gen(function* () {
  const directory = yield* newDirectory
  const store = FileTokenStore.make({ directory })
  yield* store.set(key, yield* tokenOf("canary-token"))
  return { directory, store, file: yield* onlyFile(directory) }
})

/** Asserts that a new token replaces what the file contained. */
const assertReplaced = (store: TokenStore.TokenStore, file: string) =>
  Effect.gen(function* () {
    yield* store.set(key, yield* tokenOf("new-token"))
    assert.deepStrictEqual(yield* valueIn(store), Option.some("new-token"))
    assert.strictEqual(yield* modeOf(file), 0o600)
  })

describe("a token file", () => {
  it.scoped("a token file and its directory are accessible to the owner alone", () =>
    Effect.gen(function* () {
      const { directory, store, file } = yield* storeWithToken
      assert.strictEqual(yield* modeOf(directory), 0o700)
      assert.strictEqual(yield* modeOf(file), 0o600)
      assert.deepStrictEqual(yield* valueIn(store), Option.some("canary-token"))
      yield* store.remove(key, yield* tokenOf("another"))
      assert.deepStrictEqual(yield* valueIn(store), Option.some("canary-token"))
      yield* store.remove(key, yield* tokenOf("canary-token"))
      yield* store.remove(key, yield* tokenOf("canary-token"))
      assert.deepStrictEqual(yield* valueIn(store), Option.none())
      assert.deepStrictEqual(yield* namesIn(directory), [])
    })
  )

  it.scoped("another client's token under the same name is not used, and is replaced", () =>
    Effect.gen(function* () {
      const { directory, store, file } = yield* storeWithToken
      yield* store.set(otherKey, yield* tokenOf("other-token"))
      const [other] = (yield* namesIn(directory)).filter((name) => join(directory, name) !== file)
      assert.isDefined(other)
      assert.deepStrictEqual(yield* valueIn(store), Option.some("canary-token"))
      assert.deepStrictEqual(yield* valueIn(store, otherKey), Option.some("other-token"))
      yield* Effect.promise(() => copyFile(join(directory, other), file))
      assert.strictEqual((yield* Effect.flip(store.get(key))).reason, "OtherClient")
      yield* assertReplaced(store, file)
    })
  )

  it.scoped("any client id gives a valid file name", () =>
    Effect.gen(function* () {
      const directory = yield* newDirectory
      const store = FileTokenStore.make({ directory })
      for (const clientId of ["../../x", "\0", "\ud800", "a".repeat(10_000)]) {
        const strange = Either.getOrThrow(TokenStore.key(Api.v1, clientId))
        yield* store.set(strange, yield* tokenOf("t0k3n"))
        assert.deepStrictEqual(yield* valueIn(store, strange), Option.some("t0k3n"))
      }
      assert.lengthOf(yield* namesIn(directory), 4)
    })
  )

  it.scoped("a file of any bytes is a typed error that does not quote them, and is replaced", () =>
    Effect.gen(function* () {
      const { store, file } = yield* storeWithToken
      const whole = yield* textOf(file)
      const bytes = FastCheck.oneof(
        FastCheck.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        FastCheck.nat({ max: whole.length - 1 }).map((end) => Buffer.from(whole.slice(0, end))),
        FastCheck.nat({ max: whole.length - 1 }).map((at) => {
          const damaged = Buffer.from(whole)
          damaged[at] = 0
          return damaged
        }),
        FastCheck.constant(Buffer.alloc(64 * 1024 + 1, whole))
      )
      const runPromise = yield* Effect.map(Effect.clock, (clock) => {
        return <A, E>(effect: Effect.Effect<A, E>) =>
          Effect.runPromise(Effect.withClock(effect, clock))
      })
      yield* Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(bytes, async (bytes) => {
            await writeFile(file, bytes)
            const error = await runPromise(Effect.flip(store.get(key)))
            assert.include(["Damaged", "OtherClient"], error.reason)
            for (const text of renderings(error)) assert.notInclude(text, "canary-token")
            await runPromise(assertReplaced(store, file))
          }),
          { numRuns: 100 }
        )
      )
    })
  )
})

describe("unsafe files and directories", () => {
  for (const mode of [0o644, 0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o777]) {
    it.scoped(`a file of mode ${mode.toString(8)} is not used, and replaced`, () =>
      Effect.gen(function* () {
        const { store, file } = yield* storeWithToken
        yield* Effect.promise(() => chmod(file, mode))
        const error = yield* Effect.flip(store.get(key))
        assert.strictEqual(error.reason, "Insecure")
        assert.include(error.message, file)
        yield* assertReplaced(store, file)
      })
    )
  }

  it.scoped("a symbolic link is not followed, and is replaced", () =>
    Effect.gen(function* () {
      const { store, file } = yield* storeWithToken
      const target = join(dirname(dirname(file)), "target")
      yield* Effect.promise(async () => {
        await rename(file, target)
        await symlink(target, file)
      })
      const error = yield* Effect.flip(store.get(key))
      assert.strictEqual(error.reason, "Insecure")
      assert.include(error.problem, "symbolic link")
      yield* assertReplaced(store, file)
      assert.include(yield* textOf(target), "canary-token")
    })
  )

  it.scoped("a directory in place of the file is not used", () =>
    Effect.gen(function* () {
      const { directory, store, file } = yield* storeWithToken
      yield* Effect.promise(async () => {
        await rm(file)
        await mkdir(file)
      })
      assert.strictEqual((yield* Effect.flip(store.get(key))).reason, "Insecure")
      const error = yield* Effect.flip(store.set(key, yield* tokenOf("canary-token")))
      assert.strictEqual(error.reason, "Unavailable")
      for (const text of renderings(error)) assert.notInclude(text, "canary-token")
      assert.lengthOf(yield* namesIn(directory), 1, "the temporary file is gone")
    })
  )

  const spoiled: ReadonlyArray<
    readonly [string, (directory: string) => Promise<void>, TokenStore.TokenStoreError["reason"]]
  > = [
    ["that the group can write to", (path) => chmod(path, 0o770), "Insecure"],
    ["that everyone can write to", (path) => chmod(path, 0o1777), "Insecure"],
    [
      "that is a symbolic link",
      async (path) => {
        await rename(path, `${path}.moved`)
        await symlink(`${path}.moved`, path)
      },
      "Insecure"
    ],
    [
      "that is a file",
      async (path) => {
        await rm(path, { recursive: true })
        await writeFile(path, "")
      },
      "Unavailable"
    ],
    // Only root can change the owner of a directory, so other users do not run this case.
    ...(process.getuid?.() === 0
      ? [["of another user", (path: string) => chown(path, 1, 1), "Insecure"] as const]
      : [])
  ]

  for (const [name, spoil, reason] of spoiled) {
    it.scoped(`a directory ${name} is not used`, () =>
      Effect.gen(function* () {
        const { directory, store } = yield* storeWithToken
        yield* Effect.promise(() => spoil(directory))
        const names = yield* namesIn(directory)
        const token = yield* tokenOf("new-token")
        const steps = [
          store.get(key),
          store.set(key, token),
          store.remove(key, token),
          Effect.scoped(store.lock(key))
        ] satisfies ReadonlyArray<Effect.Effect<unknown, TokenStore.TokenStoreError>>
        for (const step of steps) {
          const error = yield* Effect.flip<unknown, TokenStore.TokenStoreError, never>(step)
          assert.strictEqual(error.reason, reason)
          assert.include(error.message, directory)
        }
        assert.deepStrictEqual(yield* namesIn(directory), names)
      })
    )
  }
})

/**
 * Advances the clock in small steps. After each step, a fiber that waits for the lock checks it.
 */
const passLooks = (millis: number) =>
  Effect.gen(function* () {
    const end = (yield* Clock.currentTimeMillis) + millis
    while ((yield* Clock.currentTimeMillis) < end) {
      yield* until(isBetweenLooks)
      yield* TestClock.adjust("60 millis")
    }
  })

/**
 * Advances the clock until the waiting fiber has the lock. A check of the lock takes as long as the
 * file system takes, so it can end before or after a step.
 */
const passLooksUntil = (waiting: Fiber.RuntimeFiber<unknown, unknown>) => {
  const isOver = Effect.map(Fiber.poll(waiting), Option.isSome)
  return Effect.gen(function* () {
    while (!(yield* isOver)) {
      yield* until(Effect.zipWith(isOver, isBetweenLooks, (over, between) => over || between))
      yield* TestClock.adjust("60 millis")
    }
  })
}

const isBetweenLooks = Effect.zipWith(
  Clock.currentTimeMillis,
  Effect.suspend(() => TestClock.sleeps()),
  (now, sleeps) => [...sleeps].some((wake) => wake > now && wake <= now + 60)
)

describe("the lock", () => {
  it.scoped("one fiber at a time holds the lock, and its file is removed afterwards", () =>
    Effect.gen(function* () {
      const directory = yield* newDirectory
      const stores = Array.from({ length: 5 }, () => FileTokenStore.make({ directory }))
      let holders = 0
      let most = 0
      yield* Effect.forEach(
        stores,
        (store) =>
          Effect.scoped(
            Effect.gen(function* () {
              yield* store.lock(key)
              most = Math.max(most, ++holders)
              yield* Effect.repeatN(Effect.yieldNow(), 20)
              holders--
            })
          ).pipe(Effect.repeatN(5)),
        { concurrency: "unbounded" }
      ).pipe(Effect.withClock(Clock.make()))
      assert.strictEqual(most, 1)
      assert.deepStrictEqual(yield* namesIn(directory), [])
    })
  )

  it.scoped("two keys have separate locks", () =>
    Effect.gen(function* () {
      const store = FileTokenStore.make({ directory: yield* newDirectory })
      yield* store.lock(key)
      yield* store.lock(otherKey)
    })
  )

  it.scoped("a lock that its holder touches is waited for without limit", () =>
    Effect.gen(function* () {
      const store = FileTokenStore.make({ directory: yield* newDirectory })
      const held = yield* Scope.make()
      yield* Scope.extend(store.lock(key), held)
      const waiting = yield* Effect.fork(Effect.scoped(store.lock(key)))
      yield* passLooks(12_000)
      assert.isTrue(Option.isNone(yield* Fiber.poll(waiting)))
      yield* Scope.close(held, Exit.void)
      yield* passLooksUntil(waiting)
      yield* Fiber.join(waiting)
    })
  )

  it.scoped("an untouched lock is taken over after 5 seconds, not earlier", () =>
    Effect.gen(function* () {
      const directory = yield* newDirectory
      const store = FileTokenStore.make({ directory })
      const left = yield* Scope.make()
      yield* Scope.extend(store.lock(key), left)
      const [name] = yield* namesIn(directory)
      assert.isDefined(name)
      yield* Scope.close(left, Exit.void)
      yield* Effect.promise(() => writeFile(join(directory, name), ""))
      const scope = yield* Scope.make()
      const waiting = yield* Effect.fork(Scope.extend(store.lock(key), scope))
      yield* passLooks(4_900)
      assert.isTrue(Option.isNone(yield* Fiber.poll(waiting)))
      yield* passLooksUntil(waiting)
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(yield* namesIn(directory), [name])
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(yield* namesIn(directory), [])
    })
  )

  it.scoped("a holder whose lock was taken over does not release the new lock", () =>
    Effect.gen(function* () {
      const directory = yield* newDirectory
      const store = FileTokenStore.make({ directory })
      const first = yield* Scope.make()
      yield* Scope.extend(store.lock(key), first)
      const [name] = yield* namesIn(directory)
      assert.isDefined(name)
      yield* Effect.promise(async () => {
        await rename(join(directory, name), join(directory, "aside"))
        await writeFile(join(directory, name), "")
      })
      yield* Scope.close(first, Exit.void)
      assert.include(yield* namesIn(directory), name)
    })
  )

  it.scoped("a waiter that is interrupted leaves no lock", () =>
    Effect.gen(function* () {
      const directory = yield* newDirectory
      const store = FileTokenStore.make({ directory })
      const held = yield* Scope.make()
      yield* Scope.extend(store.lock(key), held)
      const waiting = yield* Effect.fork(Effect.scoped(store.lock(key)))
      yield* passLooks(100)
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(waiting)))
      yield* Scope.close(held, Exit.void)
      assert.deepStrictEqual(yield* namesIn(directory), [])
    })
  )
})

describe("temporary files of a killed process", () => {
  it.scoped("a temporary file older than a minute is removed with the next token", () =>
    Effect.gen(function* () {
      const { directory, store, file } = yield* storeWithToken
      const now = 1_732_406_400_000
      yield* TestClock.setTime(now)
      const ages = { "old.tmp": 60_000, "new.tmp": 59_000 }
      for (const [name, age] of Object.entries(ages)) {
        yield* Effect.promise(async () => {
          await writeFile(`${file}.${name}`, "half a to")
          await utimes(`${file}.${name}`, (now - age) / 1000, (now - age) / 1000)
        })
      }
      yield* store.set(key, yield* tokenOf("new-token"))
      assert.sameMembers(
        [...(yield* namesIn(directory))].map((name) => join(directory, name)),
        [file, `${file}.new.tmp`]
      )
    })
  )
})

describe("the directory of token files", () => {
  /**
   * Stores a token with this setting. The environment has these variables until the scope closes.
   */
  const storeWith = (setting: string, environment: Readonly<Record<string, string>> = {}) =>
    Effect.gen(function* () {
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
        }),
        () => Effect.sync(() => vi.unstubAllEnvs())
      )
      const store = yield* FileTokenStore.config
      const token = yield* tokenOf("t0k3n")
      if (Option.isSome(store)) yield* store.value.set(key, token)
      return Option.isSome(store)
    }).pipe(
      Effect.withConfigProvider(
        ConfigProvider.fromMap(new Map([["INNERSPACE_TOKEN_STORE", setting]]))
      )
    )

  it.scoped("a path in the setting is the directory", () =>
    Effect.gen(function* () {
      const directory = yield* newDirectory
      assert.isTrue(yield* storeWith(directory))
      assert.lengthOf(yield* namesIn(directory), 1)
    })
  )

  it.scoped("the setting none stores nothing", () =>
    Effect.gen(function* () {
      assert.isFalse(yield* storeWith("none"))
    })
  )

  it.scoped("an invalid setting is an error that names it", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(storeWith("relative/directory"))
      assert.include(String(error), "INNERSPACE_TOKEN_STORE")
      assert.include(String(error), "relative/directory")
    })
  )

  const ownCache = process.platform === "darwin" ? "Library/Caches" : ".cache"
  const given = process.platform === "darwin" ? ownCache : "given"

  for (const [name, cacheHome, place] of [
    ["set", (home: string) => join(home, "given"), given],
    ["empty", () => "", ownCache],
    ["relative, which the specification forbids", () => "relative", ownCache]
  ] as const) {
    it.scoped(`the setting file uses the user's cache directory if XDG_CACHE_HOME is ${name}`, () =>
      Effect.gen(function* () {
        const home = yield* newDirectory
        yield* storeWith("file", { HOME: home, XDG_CACHE_HOME: cacheHome(home) })
        assert.lengthOf(yield* namesIn(join(home, place, "innerspace-metrics")), 1)
      })
    )
  }
})

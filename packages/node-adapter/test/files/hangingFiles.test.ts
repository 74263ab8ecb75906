/**
 * Tests a file system in which one call never returns, as on a network drive that is disconnected.
 */
import fs from "node:fs"
import { mkdir, symlink } from "node:fs/promises"
import { syncBuiltinESMExports } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { FileTokenStore } from "@innerspace-metrics/node-adapter"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { until } from "../support/eventLoop.js"
import { run } from "../support/onItsOwn.js"
import { namesIn, newDirectory } from "../support/tokenFiles.js"

const key = Either.getOrThrow(TokenStore.key(Api.v1, "my-backend"))

const acquire = AccessToken.make({
  value: Redacted.make("token"),
  header: Api.v1.credential,
  expiresIn: 3_600
})

type Call = (...args: ReadonlyArray<unknown>) => Promise<unknown>

// `fs.promises` and an open file are objects of functions that return promises. The test knows only
// their names.
const calls = fs.promises as unknown as Record<string, Call>
const methodsOf = (file: unknown) => file as Record<string, Call>

const replaceCall = (name: string, call: Call) => {
  calls[name] = call
  syncBuiltinESMExports()
}

/**
 * Delays a function of the file system, or a method of open files (`file.stat`), until the scope
 * closes.
 */
const hang = (name: string) =>
  Effect.gen(function* () {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const waiting =
      (call: Call): Call =>
      (...args) =>
        released.then(() => call(...args))
    const method = name.startsWith("file.") ? name.slice(5) : undefined
    const replaced = method === undefined ? name : "open"
    const original = calls[replaced]
    assert.isDefined(original)
    replaceCall(
      replaced,
      method === undefined
        ? waiting(original)
        : async (...args) => {
            const file = methodsOf(await original(...args))
            const found = file[method]
            assert.isDefined(found)
            file[method] = waiting(found.bind(file))
            return file
          }
    )
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        replaceCall(replaced, original)
        release()
      })
    )
  })

/**
 * Writes a file, and waits until it is on the disk. This takes as long as the calls that do not
 * hang.
 */
const flushDisk = () => {
  const directory = fs.mkdtempSync(join(tmpdir(), "disk-"))
  fs.writeFileSync(join(directory, "file"), "text", { flush: true })
  fs.rmSync(directory, { recursive: true })
}

/** Advances the clock until the fiber has ended, and returns the seconds. */
const secondsUntilEnd = (fiber: Fiber.RuntimeFiber<unknown, unknown>) =>
  Effect.gen(function* () {
    const start = yield* Clock.currentTimeMillis
    while (Option.isNone(yield* Fiber.poll(fiber))) {
      // However slow the disk is, calls that do not hang have returned after this.
      flushDisk()
      for (let turn = 0; turn < 20; turn++) yield* until(Effect.succeed(true))
      yield* TestClock.adjust("100 millis")
    }
    return ((yield* Clock.currentTimeMillis) - start) / 1_000
  })

const provider = (directory: string, scope: Scope.Scope) =>
  TokenProvider.cached(acquire, {
    store: TokenStore.place(FileTokenStore.make({ directory }), key)
  }).pipe(Scope.extend(scope))

const silently = Effect.provide(Logger.remove(Logger.defaultLogger))

describe("a hanging call of the file system", () => {
  for (const name of [
    "mkdir",
    "lstat",
    "open",
    "rename",
    "unlink",
    "readdir",
    "file.stat",
    "file.readFile",
    "file.writeFile",
    "file.sync",
    "file.utimes",
    "file.close"
  ]) {
    it.effect(`a hanging call blocks neither tokens nor the layer's closing: ${name}`, () =>
      Effect.gen(function* () {
        const directory = yield* newDirectory
        const store = FileTokenStore.make({ directory })
        // Stores an expired token, so that there is something to read.
        yield* store.set(key, yield* acquire)
        yield* TestClock.adjust("2 hours")
        const hanging = yield* Scope.make()
        yield* Scope.extend(hang(name), hanging)
        const scope = yield* Scope.make()
        const { get, invalidate } = yield* provider(directory, scope)
        const getting = yield* Effect.fork(get)
        assert.isAtMost(yield* secondsUntilEnd(getting), 20)
        const token = yield* Fiber.join(getting)
        yield* invalidate(token)
        const again = yield* Effect.fork(Effect.zipRight(get, invalidate(token)))
        yield* TestClock.adjust("100 millis")
        const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
        assert.isAtMost(yield* secondsUntilEnd(closing), 5.1)
        yield* Fiber.await(again)
        // A call that returns late leaves neither a lock nor a temporary file.
        yield* Scope.close(hanging, Exit.void)
        yield* until(
          Effect.map(namesIn(directory), (names) =>
            names.every((name) => !name.endsWith(".lock") && !name.endsWith(".tmp"))
          )
        )
        const { get: next } = yield* provider(directory, yield* Effect.scope)
        const last = yield* Effect.fork(next)
        // A lock that was left behind would delay the provider by 5 seconds. A busy machine can
        // cause a shorter delay.
        assert.isBelow(yield* secondsUntilEnd(last), 4.5)
        yield* Fiber.join(last)
      }).pipe(silently, Effect.scoped)
    )
  }

  it.effect("at most two calls hang, because each blocks a thread that looks up host names", () =>
    Effect.gen(function* () {
      const store = FileTokenStore.make({ directory: yield* newDirectory })
      yield* store.set(key, yield* acquire)
      let begun = 0
      yield* hang("open")
      const hanging = calls["open"]
      assert.isDefined(hanging)
      replaceCall("open", (...args) => {
        begun++
        return hanging(...args)
      })
      for (let count = 0; count < 5; count++) {
        const reading = yield* Effect.fork(Effect.flip(store.get(key)))
        yield* secondsUntilEnd(reading)
        const error = yield* Fiber.join(reading)
        assert.strictEqual(error.reason, "Unavailable")
        assert.include(error.problem, "file system")
      }
      assert.strictEqual(begun, 2)
    }).pipe(Effect.scoped)
  )
})

describe("something else at the lock's path", () => {
  const makers: Readonly<Record<string, (path: string) => Effect.Effect<unknown>>> = {
    "a symbolic link to nothing": (path) => Effect.promise(() => symlink("/nowhere/at/all", path)),
    "a symbolic link to itself": (path) => Effect.promise(() => symlink(path, path)),
    "a symbolic link to a file": (path) =>
      Effect.promise(() => symlink(import.meta.filename, path)),
    "a directory": (path) => Effect.promise(() => mkdir(path)),
    "a pipe": (path) =>
      run(`(await import("node:child_process")).execFileSync("mkfifo", [process.argv[1]])`, {}, [
        path
      ])
  }

  for (const [name, make] of Object.entries(makers)) {
    it.scoped(
      `${name} at the lock's path is a typed error, and a token is requested without the lock`,
      () =>
        Effect.gen(function* () {
          const directory = yield* newDirectory
          const store = FileTokenStore.make({ directory })
          yield* store.set(key, yield* acquire)
          const [file] = yield* namesIn(directory)
          assert.isDefined(file)
          yield* store.remove(key, yield* acquire)
          const path = join(directory, `${file}.lock`)
          yield* make(path)
          const error = yield* Effect.flip(Effect.scoped(store.lock(key)))
          assert.strictEqual(error.reason, "Insecure")
          assert.include(error.problem, path)
          const { get } = yield* provider(directory, yield* Effect.scope)
          assert.strictEqual(Redacted.value((yield* get).value), "token")
          assert.deepStrictEqual(
            [...(yield* namesIn(directory))].sort(),
            [file, `${file}.lock`],
            "the token is stored, and the lock's path is left alone"
          )
        }).pipe(silently)
    )
  }
})

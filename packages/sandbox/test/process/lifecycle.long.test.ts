import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { authorize, endpoints, post, query, rows } from "../support/client.js"
import { startMillis } from "../support/startTimeout.js"

const firstRow = (sandbox: Sandbox.Service) =>
  Effect.map(
    rows(sandbox, "{ rows: building_features(limit: 1) { building_id } }"),
    (found) => found[0]
  )

const temporaryDirectory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "innerspace-sandbox-test-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

describe("start and stop", () => {
  it.effect(
    "a sandbox closes with its scope, even with a stalled answer, and then refuses connections",
    () =>
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const sandbox = yield* Scope.extend(Sandbox.make(), scope)
        const headers = yield* authorize(sandbox, "v1")
        yield* sandbox.control.inject(Fault.stallBody())
        const stalled = yield* Effect.fork(
          post(endpoints(sandbox).v1.graphql, { query: "{ __typename }" }, headers)
        )
        yield* sandbox.control.awaitRequests(2)
        yield* Scope.close(scope, Exit.void)
        assert.isTrue(Exit.isFailure(yield* Fiber.await(stalled)))
        const refused = yield* Effect.flip(post(endpoints(sandbox).v1.token, {}))
        assert.include(String(refused.cause), "ECONNREFUSED")
      }),
    startMillis
  )

  it.effect(
    "the error names the taken port or the option out of range",
    () =>
      Effect.gen(function* () {
        const first = yield* Sandbox.make()
        const port = Number(new URL(first.urls.v1).port)
        const taken = yield* Effect.flip(Sandbox.make({ port }))
        assert.strictEqual(taken.reason, "Port")
        assert.include(taken.message, `port ${port}`)
        for (const options of [
          { port: -1 },
          { port: 65_535 },
          { seed: 1.5 },
          { tokenLifetime: "31 days" }
        ] as const) {
          const wrong = yield* Effect.flip(Sandbox.make(options))
          assert.strictEqual(wrong.reason, "Options")
          assert.include(wrong.message, Object.keys(options)[0] ?? "?")
        }
      }).pipe(Effect.scoped),
    startMillis
  )

  it.effect(
    "the error about an unreachable database does not contain the password of its URL",
    () =>
      Effect.gen(function* () {
        const databaseUrl = Redacted.make("postgres://someone:p4ssw0rd@127.0.0.1:1/nothing")
        const failed = yield* Effect.flip(Sandbox.make({ databaseUrl }))
        assert.strictEqual(failed.reason, "Database")
        assert.include(failed.message, "ECONNREFUSED")
        assert.notInclude(failed.message, "p4ssw0rd")
      }).pipe(Effect.scoped),
    startMillis
  )

  it.effect(
    "a sandbox uses the given port and the next two",
    () =>
      Effect.gen(function* () {
        const free = yield* Effect.scoped(Sandbox.make())
        const port = Number(new URL(free.urls.v1).port)
        const sandbox = yield* Sandbox.make({ port })
        assert.deepStrictEqual(sandbox.urls, {
          v1: `http://localhost:${port}`,
          "v1.5": `http://localhost:${port + 1}`,
          v2: `http://localhost:${port + 1}`,
          login: `http://localhost:${port + 2}`
        })
      }).pipe(
        // Another program can use the next port before this test does, so the test is repeated.
        Effect.retry({ times: 3 }),
        Effect.scoped
      ),
    startMillis
  )

  it.effect(
    "tokens have the given lifetime",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make({ tokenLifetime: "90 seconds" })
        const headers = yield* authorize(sandbox, "v1")
        yield* sandbox.control.advance("90 seconds")
        const late = yield* post(
          endpoints(sandbox).v1.graphql,
          { query: "{ __typename }" },
          headers
        )
        assert.include(late.text, "JWTExpired")
        assert.property((yield* query(sandbox, "{ __typename }")).json, "data")
      }).pipe(Effect.scoped),
    startMillis
  )
})

describe("prepared database", () => {
  it.effect(
    "two sandboxes that start together prepare the database once, and a damaged one is prepared again",
    () =>
      Effect.gen(function* () {
        const cacheDirectory = yield* temporaryDirectory
        const two = yield* Effect.all(
          [
            Sandbox.make({ today: "2024-01-31", cacheDirectory }),
            Sandbox.make({ today: "2024-01-31", cacheDirectory })
          ],
          {
            concurrency: "unbounded"
          }
        )
        const [first, second] = yield* Effect.forEach(two, firstRow)
        assert.deepStrictEqual(first, { building_id: 71 })
        assert.deepStrictEqual(second, first)
        const prepared = yield* Effect.promise(() => readdir(cacheDirectory))
        assert.strictEqual(prepared.length, 1)

        const control = join(cacheDirectory, prepared[0] ?? "", "data", "global", "pg_control")
        yield* Effect.promise(() => writeFile(control, "damaged"))
        const third = yield* Sandbox.make({ today: "2024-01-31", cacheDirectory })
        assert.deepStrictEqual(yield* firstRow(third), first)
        assert.deepStrictEqual(yield* Effect.promise(() => readdir(cacheDirectory)), prepared)
      }).pipe(Effect.scoped),
    startMillis
  )

  it.effect(
    "a sandbox works without a prepared database if the cache is not writable",
    () =>
      Effect.gen(function* () {
        const directory = yield* temporaryDirectory
        const file = join(directory, "a file")
        yield* Effect.promise(() => writeFile(file, ""))
        const sandbox = yield* Sandbox.make({
          today: "2024-01-31",
          cacheDirectory: join(file, "below")
        })
        assert.deepStrictEqual(yield* firstRow(sandbox), { building_id: 71 })
      }).pipe(Effect.scoped),
    startMillis
  )
})

/**
 * Tests the files that a page loads later, when a call first needs them. Node runs the page's
 * bundle.
 */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { assert, it, layer } from "@effect/vitest"
import type { PromiseMetricsClient } from "@innerspace-metrics/core/PromiseClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { build } from "esbuild"

const page = `
import * as BrowserMetrics from "@innerspace-metrics/browser-adapter/BrowserMetrics"
import { fromCallback } from "@innerspace-metrics/browser-adapter/BrowserTokenProvider"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

const options = (baseUrl, token) => ({ api: "v1", baseUrl, token: fromCallback(async () => token) })

export const client = createMetricsClient(options("http://localhost:9", "token"))

export const queryBatch = (baseUrl, token, queries) =>
  Effect.flatMap(MetricsClient.MetricsClient, (client) =>
    Effect.forEach(queries, (query) => client.query(query), { batching: true })
  ).pipe(Effect.provide(BrowserMetrics.layer(options(baseUrl, token))), Effect.runPromise)

// A clock whose waits are over at once.
const clock = Object.assign(Clock.make(), { sleep: () => Effect.void })

export const failureOfPlan = (query) =>
  Effect.flatMap(MetricsClient.MetricsClient, (client) =>
    Effect.flip(Effect.withClock(client.plan(query), clock))
  ).pipe(
    Effect.provide(BrowserMetrics.layer(options("http://localhost:9", "token"))),
    Effect.runPromise
  )
`

/** What the module of the page exports. */
interface PageModule {
  readonly client: PromiseMetricsClient
  /** Sends queries in a batch. */
  readonly queryBatch: (
    baseUrl: string,
    token: string,
    queries: ReadonlyArray<Query.Query<unknown, unknown, ReadonlyArray<unknown>>>
  ) => Promise<ReadonlyArray<ReadonlyArray<unknown>>>
  /** The error of `plan` with a clock whose waits are over at once. */
  readonly failureOfPlan: (query: Query.Query<unknown>) => Promise<Error>
}

type Later = "with later files" | "without later files" | "with later files that never load"

/**
 * Bundles the page, and loads the files that a page loads first. `later` says what happens to the
 * files that a page loads later.
 */
const openPage = (later: Later) =>
  Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "page-"))),
    (directory) => Effect.promise(() => rm(directory, { recursive: true }))
  ).pipe(
    Effect.flatMap((directory) =>
      Effect.promise(async (): Promise<PageModule> => {
        await build({
          stdin: { contents: page, resolveDir: import.meta.dirname, sourcefile: "page.js" },
          outdir: directory,
          entryNames: "page",
          // A file that is loaded later has the name of its module, and a file with shared code has
          // the name `chunk`. The first files need the shared code, so the test removes only the
          // later files.
          chunkNames: "[name]-[hash]",
          outExtension: { ".js": ".mjs" },
          bundle: true,
          splitting: true,
          format: "esm",
          platform: "browser"
        })
        const files = await readdir(directory)
        const isLater = (file: string) => !/^(?:page|chunk-.*)\.mjs$/.test(file)
        if (later === "without later files") {
          await Promise.all(files.filter(isLater).map((file) => rm(join(directory, file))))
        }
        if (later === "with later files that never load") {
          const never = "await new Promise(() => {})"
          await Promise.all(
            files.filter(isLater).map((file) => writeFile(join(directory, file), never))
          )
        }
        return import(pathToFileURL(join(directory, "page.mjs")).href)
      })
    )
  )

const days = Query.from(building_metrics, {
  select: ["date_time_start"],
  where: {
    building_id: 71,
    metric_name: "occupancy_mean",
    granularity: "P1D",
    group_id: "all",
    date_time_start: TimeRange.month("2024-03", "America/Chicago")
  }
})

it.scoped("a call whose code cannot be loaded later fails with a TransportError", () =>
  Effect.gen(function* () {
    const { client } = yield* openPage("without later files")
    const first = () => client.stream(days)[Symbol.asyncIterator]().next()
    const calls = {
      streams: [first, () => client.plan(days)],
      "the decoder of Schemas": [
        () => client.execute({ document: "{ a }", schema: Schema.Unknown })
      ],
      "the introspection query": [() => client.schema()]
    }
    for (const [what, attempts] of Object.entries(calls)) {
      for (const attempt of attempts) {
        const failure = yield* Effect.promise(() =>
          attempt().then(
            () => "nothing",
            (error) => `${error._tag} ${error.reason}: ${error.message}`
          )
        )
        assert.match(
          failure,
          RegExp(`^TransportError Unreachable: Cannot load ${what}: .+\\. Try again\\.$`)
        )
      }
    }
    yield* Effect.promise(() => client.close())
  })
)

it.scoped("a call whose code does not arrive within 20 seconds fails with a TransportError", () =>
  Effect.gen(function* () {
    const { failureOfPlan } = yield* openPage("with later files that never load")
    const { message } = yield* Effect.promise(() => failureOfPlan(days))
    assert.strictEqual(message, "Cannot load streams: no response within 20 seconds. Try again.")
  })
)

/** Queries of three buildings. */
const buildings = [71, 72, 73].map((building_id) =>
  Query.from(building_metrics, {
    select: ["metric_value"],
    where: { building_id, metric_name: "occupancy_mean", granularity: "P1D", group_id: "all" },
    limit: 1,
    operationName: "building"
  })
)

layer(Sandbox.layer(), { excludeTestServices: true })("a batch of a page", (it) => {
  const sent = (later: Later) =>
    Effect.gen(function* () {
      const { control, ...sandbox } = yield* Sandbox.Sandbox
      yield* control.reset
      const { queryBatch } = yield* openPage(later)
      const token = yield* control.issueToken(sandbox.signIn.people.manager)
      const answers = yield* Effect.promise(() =>
        queryBatch(sandbox.urls.v1, Redacted.value(token), buildings)
      )
      assert.strictEqual(answers.length, buildings.length)
      const requests = yield* control.requests
      return requests.flatMap(({ kind, operationName }) =>
        kind === "graphql" ? [operationName] : []
      )
    })

  it.scoped("a page loads the code that merges queries with its first batch", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* sent("with later files"), ["building"])
    })
  )

  it.scoped("a page that cannot load the code that merges queries sends each query alone", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* sent("without later files"),
        buildings.map(() => "building")
      )
    })
  )
})

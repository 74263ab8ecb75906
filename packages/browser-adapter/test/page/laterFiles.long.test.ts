/**
 * Tests the files that a page loads later, when a call first needs them. Node runs the page's
 * bundle.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { assert, it } from "@effect/vitest"
import type { PromiseMetricsClient } from "@innerspace-metrics/core/PromiseClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { build } from "esbuild"

const page = `
import { fromCallback } from "@innerspace-metrics/browser-adapter/BrowserTokenProvider"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"

export const client = createMetricsClient({
  api: "v1",
  baseUrl: "http://localhost:9",
  token: fromCallback(async () => "token")
})
`

/**
 * A page's client. Only the files that the page loads first exist, because this function removes
 * the other files.
 */
const pageWithoutLaterFiles = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "page-"))),
  (directory) => Effect.promise(() => rm(directory, { recursive: true }))
).pipe(
  Effect.flatMap((directory) =>
    Effect.promise(async (): Promise<PromiseMetricsClient> => {
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
      await Promise.all(files.filter(isLater).map((file) => rm(join(directory, file))))
      return (await import(pathToFileURL(join(directory, "page.mjs")).href)).client
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
    const client = yield* pageWithoutLaterFiles
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

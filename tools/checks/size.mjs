// Measures what one typed query adds to a page. It compares two bundles. One contains the browser
// adapter, core and their dependencies. The other is the smallest possible bundle of a client on
// Effect's platform (the floor). It contains Effect, Schema, the fetch client and the printer of
// graphql.
//
// Each of two bundlers makes both bundles in one run. The bundles are minified and compressed by
// gzip -9. Files that a page loads later, by `import()`, do not count.

import { join, relative } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import { rolldown } from "rolldown"
import { root } from "../environment.mjs"

/**
 * The most bytes that a query may add to the floor. The order of modules alone can change the size
 * by 100 bytes.
 */
const limit = 3_500

/** The directory from which the programs below resolve their packages. */
const directory = join(root, "packages", "browser-adapter")

const floor = `
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { print } from "graphql"

const Answer = Schema.Struct({
  data: Schema.Struct({
    rows: Schema.Array(
      Schema.Struct({ feature_value: Schema.Unknown, date_time_start: Schema.DateTimeUtc })
    )
  })
})

export const run = (document) =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const request = HttpClientRequest.bodyText(
      HttpClientRequest.post("https://api.example"),
      JSON.stringify({ query: print(document) }),
      "application/json"
    )
    const response = yield* client.execute(request)
    return yield* Schema.decodeUnknown(Answer)(yield* response.json)
  }).pipe(Effect.provide(FetchHttpClient.layer), Effect.runPromise)
`

const query = `
import * as BrowserMetrics from "@innerspace-metrics/browser-adapter/BrowserMetrics"
import * as BrowserTokenProvider from "@innerspace-metrics/browser-adapter/BrowserTokenProvider"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"
import * as Effect from "effect/Effect"

const weekly = Query.from(building_features, {
  select: ["feature_value", "date_time_start"],
  where: {
    building_id: 71,
    feature_name: "weekly_frequency_dist",
    granularity: "P1W",
    group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
    date_time_start: TimeRange.week("2024-W01", "America/Chicago")
  }
})

export const run = (auth0) =>
  Effect.flatMap(MetricsClient.MetricsClient, (client) => client.query(weekly)).pipe(
    Effect.provide(BrowserMetrics.layer({ token: BrowserTokenProvider.fromAuth0(auth0) })),
    Effect.runPromise
  )
`

const bundlers = {
  async esbuild(program) {
    const { metafile, outputFiles } = await build({
      stdin: { contents: program, resolveDir: directory },
      bundle: true,
      minify: true,
      splitting: true,
      outdir: directory,
      absWorkingDir: directory,
      metafile: true,
      format: "esm",
      target: "es2022",
      platform: "browser",
      write: false
    })
    const { outputs } = metafile
    const [entry] = Object.keys(outputs).filter((file) => outputs[file].entryPoint === "<stdin>")
    const loaded = loadedWith(entry, (file) =>
      outputs[file].imports.flatMap(({ kind, path }) => (kind === "import-statement" ? [path] : []))
    )
    return outputFiles.flatMap(({ path, text }) =>
      loaded.has(relative(directory, path)) ? [text] : []
    )
  },

  async Rolldown(program) {
    const entry = join(directory, "program.js")
    const bundle = await rolldown({
      input: entry,
      platform: "browser",
      logLevel: "silent",
      plugins: [
        {
          name: "program",
          resolveId: (id) => (id === entry ? entry : undefined),
          load: (id) => (id === entry ? program : undefined)
        }
      ]
    })
    const { output } = await bundle.generate({ format: "esm", minify: true })
    await bundle.close()
    const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]))
    const [first] = output.filter(({ isEntry }) => isEntry)
    const loaded = loadedWith(first.fileName, (file) => chunks.get(file).imports)
    return [...loaded].map((file) => chunks.get(file).code)
  }
}

const rows = []
for (const [bundler, bundle] of Object.entries(bundlers)) {
  const [least, ours] = [sizeOf(await bundle(floor)), sizeOf(await bundle(query))]
  rows.push({ bundler, ours, least, difference: ours - least })
}

console.log("one typed query in the browser, bytes minified and gzipped")
print("bundler", "ours", "floor", "difference", "limit")
for (const { bundler, ours, least, difference } of rows) {
  print(bundler, ours, least, difference, limit)
}
const problems = rows.filter(({ difference }) => difference > limit)
for (const { bundler, difference } of problems) {
  console.error(
    `With ${bundler} a query adds ${difference - limit} bytes too many. Look for code that it loads but does not use.`
  )
}
console.log(`size: ${rows.length} bundlers, ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)

/**
 * The entry file and the files that it imports. Files that are loaded by `import()` do not count.
 */
function loadedWith(entry, importsOf) {
  const loaded = new Set([entry])
  for (const file of loaded) for (const imported of importsOf(file)) loaded.add(imported)
  return loaded
}

function sizeOf(files) {
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0)
}

function print(first, ...others) {
  console.log(first.padEnd(10) + others.map((other) => String(other).padStart(12)).join(""))
}

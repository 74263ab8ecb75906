/**
 * Tests which modules a fresh process loads. A serverless function that starts often takes longer
 * with each module.
 */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"

const module = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`

/** A loader hook of Node that prints the URL of each module. */
const printing = module(`import { writeSync } from "node:fs"
  export const load = (url, context, next) => {
    writeSync(1, url + "\\n")
    return next(url, context)
  }`)

const hooks = module(
  `import { register } from "node:module"; register(${JSON.stringify(printing)})`
)

/** Returns the URLs of the modules that a program loads in its own process. */
const loadedBy = (program: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", hooks, "--input-type=module", "--eval", program],
      { cwd: fileURLToPath(new URL(".", import.meta.url)), maxBuffer: 10_000_000 }
    )
    return stdout.split("\n")
  })

const slow =
  /@effect\/platform\/|effect\/dist\/esm\/(?:Schema|Stream)\.js|undici\/index\.js|fast-check|core\/dist\/Catalog\.js/

describe("the modules that a backend loads", () => {
  it.effect(
    "a backend does not load @effect/platform, Schema, Stream, all of undici and the code that reads schemas",
    () =>
      Effect.gen(function* () {
        const loaded = yield* loadedBy(`
        await import("@innerspace-metrics/node-adapter/NodeMetrics")
        await import("@innerspace-metrics/node-adapter/promise")
        await import("@innerspace-metrics/core/MetricsClient")
        await import("@innerspace-metrics/core/Query")
        await import("@innerspace-metrics/core/v1")
        await import("@innerspace-metrics/core/v2")`)
        assert.isTrue(loaded.some((url) => url.endsWith("/NodeMetrics.js")))
        assert.deepStrictEqual(
          loaded.filter((url) => slow.test(url)),
          []
        )
      })
  )

  it.effect("a backend that uses an HttpClient loads @effect/platform", () =>
    Effect.gen(function* () {
      const loaded = yield* loadedBy(`
        import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
        import * as Effect from "effect/Effect"
        await Effect.runPromiseExit(MetricsClient.make())`)
      assert.isTrue(loaded.some((url) => url.endsWith("/platform/dist/esm/HttpClient.js")))
    })
  )
})

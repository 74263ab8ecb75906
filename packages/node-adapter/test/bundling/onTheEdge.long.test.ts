/**
 * Tests the package as a Worker or an edge function gets it, in a bundle with the export conditions
 * of Cloudflare or of Next.js. The folder `runtimes` tests such a bundle in the real workerd.
 */
import { readdir } from "node:fs/promises"
import { assert, describe, it, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { build } from "esbuild"

/** Bundles a program, and returns the default export of the bundle. */
const bundled = (condition: string, program: string) =>
  Effect.promise(async (): Promise<unknown> => {
    const { metafile, outputFiles } = await build({
      stdin: { contents: program, resolveDir: import.meta.dirname },
      bundle: true,
      conditions: [condition, "worker", "browser"],
      format: "esm",
      platform: "browser",
      metafile: true,
      write: false
    })
    assert.notInclude(Object.keys(metafile.inputs).join(), "/undici/")
    const text = outputFiles[0]?.text ?? ""
    const module = await import(
      `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`
    )
    return module.default
  })

const query = `Query.from(building_metrics, {
  select: ["metric_value"],
  where: { building_id: 71, metric_name: "occupancy_mean", granularity: "P1D" },
  limit: 1
})`

const imports = `
  import { Query } from "@innerspace-metrics/core"
  import { building_metrics } from "@innerspace-metrics/core/v1"
  import { FileTokenStore, NodeMetrics, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
  import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
  import * as Effect from "effect/Effect"
  import * as Layer from "effect/Layer"
  import * as Redacted from "effect/Redacted"`

layer(Sandbox.layer(), { timeout: "2 minutes" })("an edge bundle", (it) => {
  for (const condition of ["workerd", "edge-light"]) {
    it.effect(`calls of a client in a bundle for ${condition} share one login`, () =>
      Effect.gen(function* () {
        const { clientId, clientSecret, control, urls } = yield* Sandbox.Sandbox
        yield* control.reset
        const options = { clientId, clientSecret: Redacted.value(clientSecret), baseUrl: urls.v1 }
        const found = yield* bundled(
          condition,
          `${imports}
           const metrics = createMetricsClient({ api: "v1", ...${JSON.stringify(options)} })
           const ask = () => metrics.query(${query})
           const first = await Promise.all([ask(), ask(), ask()])
           const last = await ask()
           await metrics.close()
           const error = await ask().catch((error) => error)
           export default {
             // Otherwise both bundles would be the same module, which is evaluated once.
             condition: ${JSON.stringify(condition)},
             rows: [...first, last].map((rows) => rows.length),
             error
           }`
        )
        assert.deepStrictEqual(Object(found).rows, [1, 1, 1, 1])
        assert.include(Object(found).error, { _tag: "AuthError", reason: "Closed" })
        const requests = yield* control.requests
        assert.strictEqual(requests.filter(({ kind }) => kind === "token").length, 1)
        assert.match(requests[0]?.headers["user-agent"] ?? "", /^innerspace-metrics\/\S+ fetch$/)
      })
    )
  }
})

describe("what a Worker cannot run", () => {
  it.effect("FileTokenStore and UndiciHttpClient refuse and say what to use", () =>
    Effect.gen(function* () {
      const errors = yield* bundled(
        "workerd",
        `${imports}
         const problemOf = (layer) => Effect.runPromise(Effect.flip(Effect.scoped(Layer.build(layer))))
         const options = { clientId: "id", clientSecret: Redacted.make("secret") }
         export default {
           store: await problemOf(FileTokenStore.layer()),
           client: await problemOf(
             NodeMetrics.layer({ ...options, tokenStore: FileTokenStore.make() })
           ),
           http: await problemOf(UndiciHttpClient.layer)
         }`
      )
      for (const [name, next] of [
        ["store", /TokenStore\.make/],
        ["client", /TokenStore\.make/],
        ["http", /NodeMetrics\.layer/]
      ] as const) {
        const error = Object(errors)[name]
        assert.include(error, { _tag: "ConfigurationError", reason: "UnsupportedRuntime" })
        assert.match(error.hint, next)
      }
    })
  )

  it.effect("the modules for the edge export the same names as those for Node", () =>
    Effect.gen(function* () {
      const namesIn = (path: string) =>
        Effect.promise(async () =>
          Object.keys(await import(/* @vite-ignore */ new URL(path, import.meta.url).href))
        )
      const files = yield* Effect.promise(() => readdir(new URL("../../src", import.meta.url)))
      const edge = yield* Effect.promise(() =>
        readdir(new URL("../../src/internal/edge", import.meta.url))
      )
      const modules = files.filter((file) => file.endsWith(".ts") && edge.includes(file))
      assert.includeMembers(modules, ["FileTokenStore.ts", "UndiciHttpClient.ts", "index.ts"])
      for (const file of modules) {
        const module = file.replace(".ts", ".js")
        assert.deepStrictEqual(
          yield* namesIn(`../../dist/internal/edge/${module}`),
          yield* namesIn(`../../dist/${module}`),
          file
        )
      }
    })
  )
})

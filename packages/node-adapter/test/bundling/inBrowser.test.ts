import { readdir } from "node:fs/promises"
import { assert, describe, it } from "@effect/vitest"
import { isMetricsError } from "@innerspace-metrics/core/MetricsError"
import * as Effect from "effect/Effect"
import { build } from "esbuild"

/** Bundles a program for a browser, and returns the exports of the bundle. */
const bundled = (program: string) =>
  Effect.promise(async (): Promise<unknown> => {
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: import.meta.dirname },
      bundle: true,
      format: "esm",
      platform: "browser",
      write: false
    })
    const text = outputFiles[0]?.text ?? ""
    const module = await import(
      `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`
    )
    return module.default
  })

describe("a browser bundle", () => {
  for (const [what, program] of [
    [
      "layer",
      `import { NodeMetrics } from "@innerspace-metrics/node-adapter"
       import * as Effect from "effect/Effect"
       import * as Layer from "effect/Layer"
       import * as Redacted from "effect/Redacted"
       const layer = NodeMetrics.layer({ clientId: "id", clientSecret: Redacted.make("secret") })
       export default await Effect.runPromise(Effect.flip(Effect.scoped(Layer.build(layer))))`
    ],
    [
      "layer of the module",
      `import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
       import * as Effect from "effect/Effect"
       import * as Layer from "effect/Layer"
       export default await Effect.runPromise(Effect.flip(Effect.scoped(Layer.build(NodeMetrics.layerConfig()))))`
    ],
    [
      "promise client",
      `import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
       const client = createMetricsClient({ clientId: "id", clientSecret: "secret" })
       export default await client.query({}).catch((error) => error)`
    ]
  ] as const) {
    it.effect(`the ${what} in a browser bundle refuses to work and says what to use`, () =>
      Effect.gen(function* () {
        const error = yield* bundled(program)
        assert.isFalse(isMetricsError(error), "the bundle has its own classes")
        assert.include(Object(error), { _tag: "ConfigurationError", reason: "UnsupportedRuntime" })
        assert.match(Object(error).hint, /browser-adapter.* For a Worker, .* condition workerd/)
      })
    )
  }
})

const exportsOf = (path: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(async () =>
    Object.keys(await import(/* @vite-ignore */ new URL(path, import.meta.url).href))
  )

describe("the modules for browsers", () => {
  it.effect("the modules for browsers export the same names as those for Node", () =>
    Effect.gen(function* () {
      const names = (folder: URL) =>
        Effect.promise(() => readdir(folder)).pipe(
          Effect.map((files) => files.filter((file) => file.endsWith(".ts")).sort())
        )
      const forNode = yield* names(new URL("../../src", import.meta.url))
      const forBrowsers = yield* names(new URL("../../src/internal/refusing", import.meta.url))
      assert.deepStrictEqual(
        forBrowsers.filter((file) => file !== "refusal.ts"),
        forNode
      )
      for (const file of forNode) {
        const module = file.replace(".ts", ".js")
        const node = yield* exportsOf(`../../dist/${module}`)
        const browser = yield* exportsOf(`../../dist/internal/refusing/${module}`)
        assert.deepStrictEqual(browser, node, file)
      }
    })
  )
})

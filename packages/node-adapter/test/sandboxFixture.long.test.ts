import { assert, describe, it } from "@effect/vitest"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import setup from "@innerspace-metrics/sandbox/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const tables = { v1: "building_features", "v1.5": "BUILDINGS", v2: "BUILDINGS" }

/** Restores the environment when the scope closes. */
const environment = Effect.acquireRelease(
  Effect.sync(() => ({ ...process.env })),
  (before) =>
    Effect.sync(() => {
      for (const name of Object.keys(process.env)) delete process.env[name]
      Object.assign(process.env, before)
    })
)

const firstRow = (table: string) =>
  Effect.acquireUseRelease(
    Effect.sync(() => createMetricsClient()),
    (client) =>
      Effect.promise(() =>
        client.execute({
          document: `query One { ${table}(limit: 1) { __typename } }`,
          operationName: "One",
          schema: Schema.Struct({
            [table]: Schema.Array(Schema.Struct({ __typename: Schema.String }))
          })
        })
      ),
    (client) => Effect.promise(() => client.close())
  )

describe("the sandbox of a whole run of Vitest", () => {
  for (const [api, table] of Object.entries(tables)) {
    for (const [place, config] of [
      ["the environment", undefined],
      ["Vitest's configuration", { env: { INNERSPACE_API: api } }]
    ] as const) {
      it.scoped(`a client of ${api} uses the sandbox if ${place} names the generation`, () =>
        Effect.gen(function* () {
          yield* environment
          delete process.env["INNERSPACE_API"]
          if (config === undefined) process.env["INNERSPACE_API"] = api
          process.env["INNERSPACE_DEPRECATION_WARNING"] = "false"
          yield* Effect.acquireRelease(
            Effect.promise(() => setup(config === undefined ? undefined : { config })),
            (teardown) => Effect.promise(() => teardown())
          )
          // After the setup, Vitest copies `test.env` into the environment of the tests.
          Object.assign(process.env, config?.env)
          assert.deepStrictEqual(yield* firstRow(table), { [table]: [{ __typename: table }] })
        })
      )
    }
  }
})

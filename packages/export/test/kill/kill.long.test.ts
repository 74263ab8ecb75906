/** Tests syncs that are killed, and tasks that several processes run at the same time. */
import { assert, layer } from "@effect/vitest"
import { Dataset } from "@innerspace-metrics/export"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { folder, sandboxAndClient } from "../support/client.js"
import { killing, recent, start } from "../support/kills.js"

/** The number of syncs that are killed. `KILLS=200` kills more than `npm run test:all`. */
const kills = Number(process.env["KILLS"] ?? 40)

layer(sandboxAndClient(), { excludeTestServices: true })("a dataset of several processes", (it) => {
  it.scoped(
    `has no torn, lost or doubled row after ${kills} syncs that were killed at random moments`,
    () =>
      Effect.gen(function* () {
        // `killing` returns how many syncs were killed before they ended. On a busy machine, most
        // syncs end before the kill.
        assert.isAbove(yield* killing(yield* folder, kills), kills / 10)
      }),
    3_600_000
  )

  it.scoped(
    `in DuckDB has no lost or doubled row after ${kills} syncs that were killed at random moments`,
    () =>
      Effect.gen(function* () {
        yield* killing(yield* folder, kills, "database")
      }),
    3_600_000
  )

  it.scoped(
    "is complete after tasks of a plan that run in four processes at the same time",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const { dataset, json } = recent(yield* folder)
        const tasks = [...(yield* Dataset.plan(dataset))]
        assert.isAtLeast(tasks.length, 4)
        const worker = async (): Promise<void> => {
          for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
            const child = start(sandbox, json, JSON.stringify(task))
            await child.ended
            assert.include(child.output(), "done")
          }
        }
        yield* Effect.promise(() => Promise.all([worker(), worker(), worker(), worker()]))

        const { differences, parts, problems } = yield* Dataset.verify(dataset, { sample: 100 })
        assert.isAtLeast(parts, 4)
        assert.deepStrictEqual([problems, differences], [[], []])
      }),
    300_000
  )
})

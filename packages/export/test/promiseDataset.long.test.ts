/** Tests a dataset with the functions that return promises. */
import { assert, layer } from "@effect/vitest"
import { plan, runTask, sync, unlock, verify } from "@innerspace-metrics/export/promise"
import * as Effect from "effect/Effect"
import { folder, promiseClient, sandboxAndClient } from "./support/client.js"
import { hours } from "./support/dataset.js"

layer(sandboxAndClient(), { excludeTestServices: true })("a dataset by promises", (it) => {
  it.scoped("the promise functions plan, sync, verify and unlock a dataset", () =>
    Effect.gen(function* () {
      const home = yield* folder
      const metrics = yield* promiseClient
      // 35 days ago is in another month, so the dataset has more than one part for each metric.
      const from = new Date(Date.now() - 35 * 86_400_000).toISOString().slice(0, 10)
      const dataset = hours(home, { from: from as "2024-01-01" })
      yield* Effect.promise(async () => {
        const tasks = await plan(dataset)
        assert.isAtLeast(tasks.length, 2)
        const [first] = tasks
        if (first !== undefined) await runTask(metrics, dataset, first)
        const { parts } = await sync(metrics, dataset)
        assert.strictEqual(parts.length, tasks.length)
        const { differences, problems } = await verify(metrics, dataset, { sample: 9 })
        assert.deepStrictEqual([problems, differences], [[], []])
        assert.isUndefined(await unlock(dataset))
        const aborted = sync(metrics, dataset, { signal: AbortSignal.abort(new Error("enough")) })
        assert.strictEqual(String(await aborted.catch((error) => error)), "Error: enough")
      })
    })
  )
})

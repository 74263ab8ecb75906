import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { shellOf } from "../support/command.js"
import type { Suite } from "../support/suite.js"

export const look: Suite = (it) =>
  describe("what can be queried", () => {
    it.scoped("tables lists the catalogue, or the live schema, with evidence", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const shipped = yield* run("tables building_features")
        assert.match(shipped.stdout, /feature_value +jsonb +yes +documented +https:/)
        const live = yield* run("tables building_features --live")
        assert.match(live.stdout, /feature_value +jsonb +yes +observed/)
        const { data } = JSON.parse((yield* run("tables --json")).stdout)
        assert.strictEqual(data.length, 7)
        assert.deepStrictEqual(data[1].dimensions, ["metric_name", "granularity", "group_id"])
      })
    )

    it.scoped("metrics says how values combine", () =>
      Effect.gen(function* () {
        const { run } = yield* shellOf()
        const { stdout } = yield* run("metrics occupancy_max")
        assert.match(stdout, /values of several periods +combine: max/)
        assert.match(stdout, /values of several places +combine: no/)
      })
    )

    it.scoped("places lists ids in v1, and names, zones and capacities in v2", () =>
      Effect.gen(function* () {
        const v1 = yield* shellOf()
        const ids = JSON.parse((yield* v1.run("places --json")).stdout)
        assert.deepStrictEqual(
          ids.data.map(({ id }: { id: number }) => id),
          [71, 72, 73]
        )
        const v2 = yield* shellOf("v2")
        const buildings = yield* v2.run("places")
        assert.match(buildings.stdout, /72 +Berlin Mitte +Europe\/Berlin +130/)
        const zones = yield* v2.run("places 71")
        assert.match(zones.stdout, /zone +71101 +Open Desks 1.1 +open_desks +100000711 +59/)
        const wrong = yield* v2.run("places 7")
        assert.strictEqual(wrong.code, 2)
        assert.include(wrong.stderr, "71, 72, 73")
        // After `places`, the completions contain the buildings that it found.
        const words = yield* v2.run(["__complete", "sync", "occupancy", "--building", "7"])
        assert.include(words.stdout, "72\tBerlin Mitte\n")
      })
    )

    it.scoped("schema pulls, compares and generates, also from a file", () =>
      Effect.gen(function* () {
        const { home, run } = yield* shellOf()
        const { control } = yield* Sandbox.Sandbox
        assert.strictEqual((yield* run("schema pull schema.json")).code, 0)
        const before = (yield* control.requests).length
        const same = yield* run("schema diff --from schema.json")
        assert.strictEqual(same.code, 0, same.stdout)
        const tables = yield* run("schema generate --from schema.json")
        assert.include(tables.stdout, "export const building_metrics")
        assert.strictEqual((yield* control.requests).length, before)
        yield* run("schema generate tables.ts --from schema.json")
        assert.strictEqual(readFileSync(join(home, "tables.ts"), "utf8"), tables.stdout)
        yield* control.inject(Fault.columnGone({ table: "site_metrics", column: "site_id" }))
        const gone = yield* run("schema diff").pipe(Effect.ensuring(control.clearFaults))
        assert.strictEqual(gone.code, 3)
        assert.include(gone.stdout, "site_metrics.site_id")
      })
    )
  })

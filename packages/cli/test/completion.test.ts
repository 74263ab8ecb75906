import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { folder, innerspace } from "./support/command.js"

const words = (line: ReadonlyArray<string>, setting = {}) =>
  Effect.map(
    Effect.promise(() =>
      innerspace(["__complete", ...line], {
        env: { INNERSPACE_CONFIG_DIR: "/nonexistent" },
        ...setting
      })
    ),
    ({ stdout }) => stdout.split("\n").map((line) => line.split("\t")[0])
  )

describe("completions", () => {
  it.effect("completions know commands, options, choices, tables, columns and metrics", () =>
    Effect.gen(function* () {
      assert.include(yield* words(["que"]), "query")
      assert.include(yield* words(["query", "--gr"]), "--granularity")
      assert.include(yield* words(["query", "--granularity", "PT"]), "PT15M")
      assert.include(yield* words(["query", "build"]), "building_metrics")
      assert.include(
        yield* words(["query", "building_metrics", "--select", "metric_"]),
        "metric_value"
      )
      assert.include(yield* words(["query", "building_metrics", "-w", "building"]), "building_id=")
      assert.include(yield* words(["query", "x", "--metric", "occ"]), "occupancy_mean")
      const v2 = { env: { INNERSPACE_API: "v2", INNERSPACE_CONFIG_DIR: "/nonexistent" } }
      assert.include(yield* words(["query", "ZONE"], v2), "ZONE_INSIGHTS")
      assert.deepStrictEqual(yield* words(["nothing", "x"]), [""])
    })
  )

  it.scoped("completions know the tables of the profile's generation", () =>
    Effect.gen(function* () {
      const home = yield* folder
      writeFileSync(join(home, "config.toml"), '[profiles.default]\napi = "v2"\n')
      const setting = { env: { INNERSPACE_CONFIG_DIR: home } }
      assert.include(yield* words(["query", "ZONE"], setting), "ZONE_INSIGHTS")
      assert.include(yield* words(["query", "--api", "v1", "zone"], setting), "zone_metrics")
    })
  )

  it.effect("the man page has every command, option and exit code", () =>
    Effect.gen(function* () {
      const { stdout } = yield* Effect.promise(() => innerspace("completion man"))
      for (const part of [
        ".TH INNERSPACE 1",
        '.SS "innerspace query <table>"',
        "\\-\\-granularity",
        ".B 130"
      ]) {
        assert.include(stdout, part)
      }
    })
  )
})

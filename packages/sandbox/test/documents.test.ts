import { readFile } from "node:fs/promises"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"

it.effect("shows in the README the example that is tested", () =>
  Effect.gen(function* () {
    const read = (path: string) =>
      Effect.promise(() => readFile(new URL(path, import.meta.url), "utf8"))
    const readme = yield* read("../README.md")
    assert.include(readme, yield* read("readme.test.ts"))
  })
)

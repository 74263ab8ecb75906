/** Tests a program that runs one version of effect, while this package loads another version. */
import { execFile } from "node:child_process"
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"

const own = join(dirname(fileURLToPath(import.meta.resolve("effect/package.json"))))

/** A program that makes two clients with the copy of effect in its own folder. */
const program = `
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Api from ${JSON.stringify(import.meta.resolve("@innerspace-metrics/core/Api"))}
import * as MetricsClient from ${JSON.stringify(import.meta.resolve("@innerspace-metrics/core/MetricsClient"))}
import * as QueryBuilder from ${JSON.stringify(import.meta.resolve("@innerspace-metrics/core/QueryBuilder"))}
import { TokenProvider } from ${JSON.stringify(import.meta.resolve("@innerspace-metrics/core/TokenProvider"))}

const services = [QueryBuilder.layer, Layer.succeed(TokenProvider, {})]
const client = MetricsClient.makeWithTransport(() => {}, { api: Api.v2 })
for (let count = 0; count < 2; count++) await Effect.runPromise(Effect.provide(client, services))
`

const run = async (use: (directory: string) => Promise<unknown>) => {
  const directory = await mkdtemp(join(tmpdir(), "other-effect-"))
  try {
    await use(directory)
    await writeFile(join(directory, "program.mjs"), program)
    const { stderr, stdout } = await promisify(execFile)(process.execPath, [
      join(directory, "program.mjs")
    ])
    return (stdout + stderr).split("\n").filter((line) => line.includes("The program runs effect"))
  } finally {
    await rm(directory, { recursive: true })
  }
}

const install = async (directory: string) => {
  const copy = join(directory, "node_modules", "effect")
  await cp(join(own, "package.json"), join(copy, "package.json"))
  await cp(join(own, "dist", "esm"), join(copy, "dist", "esm"), { recursive: true })
  return copy
}

it.effect("a program on another version of effect gets one warning with both versions", () =>
  Effect.gen(function* () {
    const warnings = yield* Effect.promise(() =>
      run(async (directory) => {
        const file = join(await install(directory), "dist", "esm", "internal", "version.js")
        const text = await readFile(file, "utf8")
        await writeFile(file, text.replace(/"\d+\.\d+\.\d+"/, '"3.22.0-other"'))
      })
    )
    const { version } = JSON.parse(
      yield* Effect.promise(() => readFile(join(own, "package.json"), "utf8"))
    )
    assert.lengthOf(warnings, 1)
    assert.include(warnings[0], "3.22.0-other")
    assert.include(warnings[0], version)
    assert.include(warnings[0], "npm ls effect")
  })
)

it.effect("a program on another copy of the same version of effect gets no warning", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* Effect.promise(() => run(install)), [])
  })
)

import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { shellOf, wordsOf } from "./support/command.js"

/** Returns the lines below `Examples:` in the output of `--help`. */
const examplesIn = (help: string): ReadonlyArray<string> =>
  (help.split("Examples:\n")[1] ?? "")
    .split("\n")
    // After the examples, the output can have a paragraph, which is not indented.
    .filter((line) => line.startsWith(" "))
    .map((line) => line.trim())
    .filter((line) => !line.startsWith("#"))

/**
 * Returns the names of the commands in the order of `--help`. A person can run the examples in this
 * order: `sync` makes a dataset before `verify` reads it.
 */
const commands = (help: string): ReadonlyArray<string> =>
  [...(help.split("Commands:\n")[1]?.split("\n\n")[0] ?? "").matchAll(/^ {2}([a-z]+) /gm)].map(
    ([, name = ""]) => name
  )

layer(Sandbox.layer(), { timeout: "5 minutes" })("the examples of --help", (it) => {
  it.scoped(
    "each one runs, with nothing but data on stdout",
    () =>
      Effect.gen(function* () {
        const { env, home, run } = yield* shellOf()
        const root = (yield* run("--help")).stdout
        const names = commands(root).filter((name) => name !== "help")
        assert.strictEqual(names.length, 16)
        const lines = [...examplesIn(root)]
        for (const name of names) {
          const { code, stdout } = yield* run(`${name} --help`)
          // `sandbox` passes its options on to the sandbox, which has its own `--help`.
          if (name === "sandbox") continue
          assert.strictEqual(code, 0)
          const found = examplesIn(stdout)
          assert.isAbove(found.length, 0, name)
          lines.push(...found)
        }
        writeFileSync(join(home, "secret.txt"), `${env["INNERSPACE_CLIENT_SECRET"]}\n`)
        const order = (line: string) => (/ sync \w+ .*--fail-on/.test(line) ? 1 : 0)
        // The example that describes a dataset runs before the other examples of this dataset.
        const sorted = [...lines].sort((one, other) => order(one) - order(other))
        for (const line of sorted) {
          // personLogin.long.test.ts tests the sign-in of people.
          if (line.includes(" --login ")) continue
          // The command is a part of a line for a shell or for cron.
          const inner =
            /\$\((innerspace .*)\)|&& (innerspace .*) > /.exec(line)?.slice(1).join("") ?? line
          const [command = "", input] = inner.split(" < ")
          const words = wordsOf(
            command.replace(/^innerspace /, "").replace("my-backend", "sandbox-client")
          )
          // An earlier example has written v1 to the profile.
          const isV2 = words.includes("v2") || words[1] === "zones"
          const { urls } = yield* Sandbox.Sandbox
          const recent = words.map((word) =>
            words[0] === "sync" && /^2024-03-01$|^last-month$/.test(word) ? since : word
          )
          const { code, stderr, stdout } = yield* run(recent, {
            ...(input === undefined ? {} : { stdin: readFileSync(join(home, input), "utf8") }),
            env: isV2 ? { INNERSPACE_BASE_URL: urls.v2, INNERSPACE_API: "v2" } : {}
          })
          assert.strictEqual(code, 0, `${line}\n${stderr}${stdout}`)
          assert.notInclude(stdout, "warning:")
        }
      }),
    // On a busy machine, the two commands that read all rows take a minute.
    300_000
  )
})

/**
 * The first day of the dataset. It is recent, so the dataset has few months. Each month is a part
 * of the dataset, and takes time to read.
 */
const since = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10)

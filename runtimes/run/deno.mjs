// Checks the errors in Deno, which runs a program without permissions by default. An error must
// name the missing permission.

import { tmpdir } from "node:os"
import { join } from "node:path"
import { fromNpm } from "./installed.mjs"
import { hosted, outputOf, runProgram } from "./programs.mjs"

const everything = ["run", "--allow-all", "--no-prompt", "--node-modules-dir=manual"]

export async function runDeno(source, settings) {
  const report = await runProgram(source, everything, settings)
  const permissions = await checkPermissions(fromNpm(source), settings)
  return { ...report, results: [...report.results, ...permissions] }
}

async function checkPermissions(program, settings) {
  const host = `--allow-net=${new URL(settings.urls.v1).host}`
  // undici reads these two variables, so the program must be allowed to read them.
  const least = [host, "--allow-env=JEST_WORKER_ID,UNDICI_NO_WASM_SIMD"]
  const given = JSON.stringify(settings)
  const store = join(tmpdir(), "innerspace-metrics-permissions")
  const script = hosted("permissions.mjs")
  const check = async (title, permissions, options, expected) => {
    const run = ["run", "--no-prompt", "--node-modules-dir=manual", ...permissions, script]
    const { output } = await outputOf(program, [...run, ...options])
    const error = expected.test(output) ? {} : { error: `It printed: ${output.slice(0, 1_000)}` }
    return { group: "permissions of Deno", title, ...error }
  }
  return [
    await check("the API's host and undici's variables are enough", least, [given], /^rows 1$/m),
    await check(
      "without --allow-net the error says what to add",
      [],
      [given],
      /^AuthError Unreachable .*--allow-net/m
    ),
    await check(
      "without --allow-env the error names the setting and what to add",
      [host],
      ["{}"],
      /^ConfigurationError InvalidConfiguration .*INNERSPACE_CLIENT_ID.*--allow-env/m
    ),
    await check(
      "without --allow-write a token store's warning says what to add",
      least,
      [given, store],
      /--allow-(?:read|write)[\s\S]*^rows 1$/m
    )
  ]
}

/**
 * A sandbox for a whole run of Vitest: one start for all test files.
 */
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "./Sandbox.js"

/**
 * A global setup of Vitest that starts a sandbox before the first test file and stops it after the last. It gives the settings that
 * clients read from the environment to the tests: `INNERSPACE_CLIENT_ID`, `INNERSPACE_CLIENT_SECRET` and `INNERSPACE_BASE_URL`, the
 * latter of the generation that `INNERSPACE_API` names, v1 where it names none. For pages where people sign in there are
 * `INNERSPACE_AUTH0_DOMAIN`, `INNERSPACE_AUTH0_CLIENT_ID` and `INNERSPACE_AUTH0_AUDIENCE`.
 *
 * The sandbox is in another process or thread than the tests, so they steer it over HTTP: `POST
 * ${INNERSPACE_BASE_URL}/_sandbox/faults` and the like; all files share it. A file that wants one of its own has `Sandbox.layer`.
 *
 * Rejects where the sandbox cannot start; Vitest shows why and runs no test.
 *
 * @example
 * ```ts
 * import { defineConfig } from "vitest/config"
 *
 * export default defineConfig({
 *   test: { globalSetup: "@innerspace-metrics/sandbox/vitest" }
 * })
 * ```
 */
export default async function setup(): Promise<() => Promise<void>> {
  const runtime = ManagedRuntime.make(Sandbox.layer())
  const sandbox = await runtime.runPromise(Sandbox.Sandbox)
  const generation = process.env["INNERSPACE_API"]
  const api = generation === "v1.5" || generation === "v2" ? generation : "v1"
  process.env["INNERSPACE_CLIENT_ID"] = sandbox.clientId
  process.env["INNERSPACE_CLIENT_SECRET"] = Redacted.value(sandbox.clientSecret)
  process.env["INNERSPACE_BASE_URL"] = sandbox.urls[api]
  process.env["INNERSPACE_AUTH0_DOMAIN"] = sandbox.urls.login
  process.env["INNERSPACE_AUTH0_CLIENT_ID"] = sandbox.signIn.clientId
  process.env["INNERSPACE_AUTH0_AUDIENCE"] = sandbox.signIn.audience
  return () => runtime.dispose()
}

/**
 * A sandbox for a whole run of Vitest: one start for all test files.
 */
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "./Sandbox.js"

/** What this needs of what Vitest gives to a global setup. */
export interface Project {
  readonly config: { readonly env?: Readonly<Partial<Record<string, string>>> }
}

/**
 * A global setup of Vitest that starts a sandbox before the first test file and stops it after the
 * last. It gives the settings that clients read from the environment to the tests:
 * `INNERSPACE_CLIENT_ID`, `INNERSPACE_CLIENT_SECRET` and `INNERSPACE_BASE_URL`. The latter is that
 * of the generation that `INNERSPACE_API` names for the tests, in `test.env` of the configuration
 * of Vitest or else in the environment, and v1 where neither names one. Tests of several
 * generations have `INNERSPACE_SANDBOX_V1_URL`, `INNERSPACE_SANDBOX_V1_5_URL` and
 * `INNERSPACE_SANDBOX_V2_URL`. For pages where people sign in there are `INNERSPACE_AUTH0_DOMAIN`,
 * `INNERSPACE_AUTH0_CLIENT_ID` and `INNERSPACE_AUTH0_AUDIENCE`.
 *
 * The sandbox is in another process or thread than the tests, so they steer it over HTTP: `POST
 * ${INNERSPACE_BASE_URL}/_sandbox/faults` and the like; all files share it. A file that wants one
 * of its own has `Sandbox.layer`.
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
export default async function setup(project?: Project): Promise<() => Promise<void>> {
  const runtime = ManagedRuntime.make(Sandbox.layer())
  const { clientId, clientSecret, signIn, urls } = await runtime.runPromise(Sandbox.Sandbox)
  const generation = project?.config.env?.["INNERSPACE_API"] ?? process.env["INNERSPACE_API"]
  const api = generation === "v1.5" || generation === "v2" ? generation : "v1"
  Object.assign(process.env, {
    INNERSPACE_CLIENT_ID: clientId,
    INNERSPACE_CLIENT_SECRET: Redacted.value(clientSecret),
    INNERSPACE_BASE_URL: urls[api],
    INNERSPACE_SANDBOX_V1_URL: urls.v1,
    INNERSPACE_SANDBOX_V1_5_URL: urls["v1.5"],
    INNERSPACE_SANDBOX_V2_URL: urls.v2,
    INNERSPACE_AUTH0_DOMAIN: urls.login,
    INNERSPACE_AUTH0_CLIENT_ID: signIn.clientId,
    INNERSPACE_AUTH0_AUDIENCE: signIn.audience
  })
  return () => runtime.dispose()
}

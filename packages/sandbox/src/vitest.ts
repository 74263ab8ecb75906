/** One sandbox for all test files of a Vitest run. */
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "./Sandbox.js"

/** The part of Vitest's project that this setup uses. */
export interface Project {
  readonly config: { readonly env?: Readonly<Partial<Record<string, string>>> }
}

/**
 * A global setup of Vitest that starts a sandbox before the first test file and stops it after the
 * last. It sets the environment variables that clients read: `INNERSPACE_CLIENT_ID`,
 * `INNERSPACE_CLIENT_SECRET` and `INNERSPACE_BASE_URL`. `INNERSPACE_API` selects the generation of
 * the base URL. `INNERSPACE_API` is read from `test.env` of Vitest's configuration, or else from
 * the environment. The default is v1. Tests of several generations use `INNERSPACE_SANDBOX_V1_URL`,
 * `INNERSPACE_SANDBOX_V1_5_URL` and `INNERSPACE_SANDBOX_V2_URL`. Pages with a sign-in use
 * `INNERSPACE_AUTH0_DOMAIN`, `INNERSPACE_AUTH0_CLIENT_ID` and `INNERSPACE_AUTH0_AUDIENCE`. Native
 * applications use `INNERSPACE_AUTH0_NATIVE_CLIENT_ID`. Web apps use
 * `INNERSPACE_AUTH0_WEB_CLIENT_ID` and `INNERSPACE_AUTH0_WEB_CLIENT_SECRET`.
 *
 * All test files share the sandbox. The sandbox does not run in the process or thread of the tests,
 * so the tests control the sandbox over HTTP, for example with
 * `POST ${INNERSPACE_BASE_URL}/_sandbox/faults`. A file that needs its own sandbox uses
 * `Sandbox.layer`.
 *
 * Rejects if the sandbox cannot start. Vitest then shows the reason and runs no test.
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
    INNERSPACE_AUTH0_AUDIENCE: signIn.audience,
    INNERSPACE_AUTH0_NATIVE_CLIENT_ID: signIn.nativeClientId,
    INNERSPACE_AUTH0_WEB_CLIENT_ID: signIn.web.clientId,
    INNERSPACE_AUTH0_WEB_CLIENT_SECRET: Redacted.value(signIn.web.clientSecret)
  })
  return () => runtime.dispose()
}

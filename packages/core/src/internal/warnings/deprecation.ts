/**
 * The warning for a generation of the API that the vendor has marked as deprecated.
 */
import * as Effect from "effect/Effect"
import { globalValue } from "effect/GlobalValue"
import { type Api, isLoopback } from "../../Api.js"
import { warn } from "./warn.js"

/**
 * The generations for which a warning has been logged in this process, by any copy of this package.
 */
const warned = /* @__PURE__ */ globalValue(
  "@innerspace-metrics/core/deprecation",
  () => new Set<string>()
)

/**
 * Logs the warning once per process and generation. A server on this machine, such as the sandbox,
 * causes no warning, because it is not the vendor's API.
 */
export const warnOfDeprecation = ({ baseUrl, deprecation, version }: Api): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (deprecation === undefined || warned.has(version) || isLoopback(new URL(baseUrl))) {
      return Effect.void
    }
    warned.add(version)
    const since = deprecation.since === undefined ? "" : ` since ${deprecation.since}`
    return warn(
      `InnerSpace marks ${version} of its API as deprecated${since}. Move to Api.v2 and the tables of @innerspace-metrics/core/v2; ` +
        "until then Api.withoutDeprecationWarning, or INNERSPACE_DEPRECATION_WARNING=false, silences this."
    )
  })

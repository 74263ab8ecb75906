/** The warning about two versions of effect. */
import * as Effect from "effect/Effect"
import { globalValue } from "effect/GlobalValue"
import { shorten } from "../shorten.js"
import { warn } from "./warn.js"

/**
 * The versions for which a warning has been logged in this process, by any copy of this package.
 */
const warned = /* @__PURE__ */ globalValue(
  "@innerspace-metrics/core/otherEffect",
  () => new Set<unknown>()
)

/**
 * The version of effect that created an effect or a fiber. The field `_V` is not in the types of
 * effect.
 */
const versionOf = (value: object): unknown =>
  (value as { readonly [Effect.EffectTypeId]?: { readonly _V?: unknown } })[Effect.EffectTypeId]?._V

/**
 * Warns once per process if one version of effect runs the program and this package loads another
 * version, because one version may not recognize a value of the other. Effect itself logs a line
 * for each step that runs with the wrong version, but these lines do not name the package that
 * loaded this version.
 */
export const warnOfOtherEffect: Effect.Effect<void> = /* @__PURE__ */ Effect.withFiberRuntime(
  (fiber) => {
    const [own, running] = [versionOf(Effect.void), versionOf(fiber)]
    if (running === own || warned.has(running)) return Effect.void
    warned.add(running)
    return warn(
      `The program runs effect ${shorten(running)}, but @innerspace-metrics/core loads effect ${shorten(own)}, so one may not recognize logs, services and errors of the other. ` +
        "List the copies with npm ls effect, and install one version that fits the peer range of @innerspace-metrics/core"
    )
  }
)

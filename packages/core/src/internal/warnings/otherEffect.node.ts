/** The warning about two versions of effect. */
import * as Effect from "effect/Effect"
import { globalValue } from "effect/GlobalValue"
import { shorten } from "../shorten.js"
import { warn } from "./warn.js"

/** The versions that a copy of this package has already warned about in this process. */
const warned = /* @__PURE__ */ globalValue(
  "@innerspace-metrics/core/otherEffect",
  () => new Set<unknown>()
)

/**
 * The version of effect that made an effect or a fiber. Each effect and each fiber has this
 * version, though the types do not say so.
 */
const versionOf = (value: object): unknown =>
  (value as { readonly [Effect.EffectTypeId]?: { readonly _V?: unknown } })[Effect.EffectTypeId]?._V

/**
 * Warns once per process if one version of effect runs the program and this package loads another
 * version, because one version may not recognize a value of the other. Effect itself logs a line
 * for each step that the other version runs. These lines do not say which package loaded that
 * version.
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

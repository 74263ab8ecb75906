/** The warning about two versions of effect. */
import * as Effect from "effect/Effect"
import { globalValue } from "effect/GlobalValue"
import { shorten } from "../shorten.js"
import { warn } from "./warn.js"

/** The versions that this process was warned about, by any copy of this package. */
const warned = /* @__PURE__ */ globalValue(
  "@innerspace-metrics/core/otherEffect",
  () => new Set<unknown>()
)

/** Every effect and fiber has the version of its copy of effect, though the types do not say so. */
const versionOf = (value: object): unknown =>
  (value as { readonly [Effect.EffectTypeId]?: { readonly _V?: unknown } })[Effect.EffectTypeId]?._V

/**
 * Warns once per process if one version of effect runs the program and this package loads another,
 * because one version may not recognize a value of the other. Effect itself logs a line for each
 * step that the other version runs, but does not say which package loaded that copy.
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

/**
 * Runs before each test file. `layer(...)` of `@effect/vitest` assigns `effect`, `scoped` and
 * similar functions to the single `it` of the process. Test files share a process, so the
 * `it.effect` of a later file would run with the layer of an earlier file. This file therefore
 * assigns again the functions that `it` had when `@effect/vitest` was loaded. See
 * `findings/effect-vitest-layer.sh`.
 */
import { it } from "vitest"

const key = Symbol.for("innerspace-metrics/tools/ownLayers")

if (it[key] === undefined) {
  const methods = ["effect", "scoped", "live", "scopedLive", "flakyTest", "layer", "prop"]
  const first = new Map()
  const current = new Map()
  for (const name of methods) {
    current.set(name, it[name])
    Object.defineProperty(it, name, {
      configurable: true,
      enumerable: true,
      get: () => current.get(name),
      set: (method) => {
        if (!first.has(name)) first.set(name, method)
        current.set(name, method)
      }
    })
  }
  Object.defineProperty(it, key, {
    value: () => {
      for (const [name, method] of first) current.set(name, method)
    }
  })
}
it[key]()

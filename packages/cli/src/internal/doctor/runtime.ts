/** Checks the runtime: its version, and the time zone rules that it knows. */
import * as Effect from "effect/Effect"
import { differs, type Line, ok, unknown } from "./line.js"
import type { Check } from "./probe.js"

/**
 * The oldest version of the time zone data that is accepted. Older data has wrong rules for some
 * time zones.
 */
const oldestRules = "2024a"

export const checkRuntime: Check = ({ world }) =>
  Effect.sync((): ReadonlyArray<Line> => {
    const { node, tz } = world.versions
    const [major = 0, minor = 0] = node.split(".").map(Number)
    const isSupported = major > 20 || (major === 20 && minor >= 18)
    return [
      isSupported
        ? ok("runtime.node", node)
        : differs("runtime.node", node, "Install Node 20.18.1 or newer"),
      tz === undefined
        ? unknown("runtime.tz", "the runtime does not say the version of its time zones")
        : tz >= oldestRules
          ? ok("runtime.tz", tz)
          : differs("runtime.tz", tz, "Install a newer Node, or one with full ICU")
    ]
  })

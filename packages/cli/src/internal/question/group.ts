/** `--group`: an id, a name, or everyone. */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as Effect from "effect/Effect"
import { UsageError } from "../frame/failure.js"
import { didYouMean } from "../program/nearest.js"
import type { Settings } from "../settings/settings.js"

/**
 * The groups in the filters of the vendor's examples. They seem to mean everyone. Sources:
 * https://developers.innerspace.io/authentication,
 * https://developers.innerspace.io/authentication-v2
 */
const everyone = {
  v1: "all-e707b3a8-0732-49ae-9156-13ff1138540e",
  "v1.5": "all-e707b3a8-0732-49ae-9156-13ff1138540e",
  v2: "00000000-0000-0000-0000-000000000000"
} as const

export const groupIds = (
  { api }: Settings,
  given: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>, UsageError | CallError, MetricsClient.MetricsClient> =>
  Effect.forEach(given, (group) => {
    if (group === "everyone") return Effect.succeed(everyone[api.value])
    // Ids have digits and dashes. Names rarely have both digits and dashes.
    if (/^(?=.*\d)(?=.*-)[\w-]+$/.test(group)) return Effect.succeed(group)
    return api.value === "v1"
      ? Effect.fail(
          new UsageError(
            `--group is ${JSON.stringify(group)}, and v1 has no table of groups to find its id`,
            didYouMeanEveryone(group)
          )
        )
      : groupNamed(group)
  })

const didYouMeanEveryone = (group: string): string =>
  didYouMean(group, ["everyone"]).startsWith("Did")
    ? "Did you mean everyone?"
    : "Pass everyone, or the id of a group"

const groupNamed = (
  name: string
): Effect.Effect<string, UsageError | CallError, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    const { GROUPS } = yield* Effect.promise(() => import("@innerspace-metrics/core/v2"))
    const metrics = yield* MetricsClient.MetricsClient
    const groups = yield* metrics.query(Query.from(GROUPS, { select: ["GROUP_ID", "NAME"] }))
    const found = groups.filter(({ NAME }) => NAME?.toLowerCase() === name.toLowerCase())
    const [only] = found
    if (only !== undefined && found.length === 1) return only.GROUP_ID
    const names = [...groups.flatMap(({ NAME }) => NAME ?? []), "everyone"]
    return yield* new UsageError(
      `There ${found.length === 0 ? "is no group" : "are several groups"} ${JSON.stringify(name)}`,
      found.length === 0
        ? didYouMean(name, names)
        : `Pass one of the ids ${found.map(({ GROUP_ID }) => GROUP_ID).join(", ")}`
    )
  })

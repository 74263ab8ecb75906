/** `innerspace metrics`: what each metric means. */
import * as Metric from "@innerspace-metrics/core/Metric"
import * as Effect from "effect/Effect"
import type { Outcome, Run } from "../frame/command.js"
import { UsageError } from "../frame/failure.js"
import { didYouMean } from "../program/nearest.js"
import { renderTable } from "../render/table.js"
import { readSettings } from "../settings/settings.js"

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const { api } = yield* readSettings(world, input)
    const isV1 = api.value === "v1"
    // Names of metrics are in upper case from v1.5 on. Features are known only for v1.
    const known = Object.values<Metric.Metric>({ ...Metric.known }).filter(
      ({ name }) => (name === name.toLowerCase()) === isV1
    )
    const [given] = input.args
    if (given === undefined) return listOf(known)
    const found = known.find(({ name }) => name.toLowerCase() === given.toLowerCase())
    if (found === undefined) {
      return yield* new UsageError(
        `There is no metric ${JSON.stringify(given)} among the known ones`,
        didYouMean(
          given,
          known.map(({ name }) => name)
        )
      )
    }
    return oneOf(found)
  })

/** How values are combined: `sum`, `mean weighted by duration`, or `no`. */
const combined = (how: Metric.Metric["overTime"] | Metric.Metric["overSpace"]): string =>
  typeof how === "object" ? `mean, by ${how.weightedMean}` : how === "never" ? "no" : how

const listOf = (metrics: ReadonlyArray<Metric.Metric>): Outcome => ({
  data: metrics,
  print: (output) =>
    output.write(
      renderTable(
        [
          { title: "name" },
          { title: "kind" },
          { title: "unit" },
          { title: "scopes" },
          { title: "over time" },
          { title: "over space" },
          { title: "known" }
        ],
        metrics.map((metric) => [
          metric.name,
          metric.kind,
          metric.unit,
          metric.scopes.join(", "),
          combined(metric.overTime),
          combined(metric.overSpace),
          metric.evidence
        ]),
        output
      )
    )
})

const oneOf = (metric: Metric.Metric): Outcome => ({
  data: metric,
  print: (output) =>
    output.write(
      renderTable(
        [{ title: "field" }, { title: "value" }],
        [
          ["name", metric.name],
          [
            "kind",
            metric.kind === "metric"
              ? "metric: one number"
              : "feature: an object with several values"
          ],
          ["unit", metric.unit],
          ["scopes", metric.scopes.join(", ")],
          ["granularities", metric.granularities.join(", ")],
          ["values of several periods", `combine: ${combined(metric.overTime)}`],
          ["values of several places", `combine: ${combined(metric.overSpace)}`],
          ["known", metric.evidence],
          ["source", metric.source]
        ],
        output
      )
    )
})

/** A dataset with a client. Commands that send nothing work without a login. */
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import * as Effect from "effect/Effect"
import { withSession } from "../client/session.js"
import type { Input } from "../frame/command.js"
import { type Failure, UsageError } from "../frame/failure.js"
import { text } from "../frame/read.js"
import type { World } from "../frame/world.js"
import { readSettings } from "../settings/settings.js"
import { type Described, describeDataset, placeOf } from "./definition.js"
import { readContents } from "./file.js"

export const withDataset = <A>(
  world: World,
  input: Input,
  use: (described: Described) => Effect.Effect<A, Failure, MetricsClient>
): Effect.Effect<A, Failure> =>
  Effect.gen(function* () {
    const before = yield* readContents(placeOf(world, input).file)
    const given = yield* readSettings(world, input)
    // If no setting names a generation of the API, use the generation in `DATASET.toml`. If a
    // setting names another generation, `describeDataset` fails.
    const settings =
      before?.api === undefined || given.api.from !== "default"
        ? given
        : yield* readSettings(world, { ...input, options: { ...input.options, api: before.api } })
    return yield* withSession(
      settings,
      Effect.flatMap(describeDataset(world, settings, input, before), use)
    )
  })

/** Reads `--refresh`, such as `2024-03..2024-05`, or one month. */
export const refreshOf = (
  input: Input
): Effect.Effect<
  {
    readonly refresh?: {
      readonly from: `${number}-${number}`
      readonly until: `${number}-${number}`
    }
  },
  UsageError
> => {
  const given = text(input, "refresh")
  if (given === undefined) return Effect.succeed({})
  const [from = "", until = from, ...more] = given.split("..")
  return isMonth(from) && isMonth(until) && more.length === 0 && from <= until
    ? Effect.succeed({ refresh: { from, until } })
    : Effect.fail(
        new UsageError(
          `--refresh is ${JSON.stringify(given)}`,
          "Pass a month, as 2024-03, or the first and the last, as 2024-03..2024-05"
        )
      )
}

const isMonth = (text: string): text is `${number}-${number}` =>
  /^\d{4}-(0[1-9]|1[0-2])$/.test(text)

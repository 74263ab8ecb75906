/** `innerspace sync`: brings a dataset up to date. */
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Dataset from "@innerspace-metrics/export/Dataset"
import * as Effect from "effect/Effect"
import type { Input, Run } from "../frame/command.js"
import { type Failure, UsageError } from "../frame/failure.js"
import { howToContinue, makeProgress } from "../frame/progress.js"
import { readStdin } from "../frame/prompt.js"
import { count, list, text } from "../frame/read.js"
import type { World } from "../frame/world.js"
import type { Described } from "./definition.js"
import { writeContents } from "./file.js"
import { lineOf, showNextStep } from "./nextStep.js"
import { missingIn, renderReport } from "./report.js"
import { refreshOf, withDataset } from "./session.js"

export const run: Run = (world, input) =>
  withDataset(world, input, (described) =>
    Effect.gen(function* () {
      const { contents, dataset, name } = described
      const report = yield* synced(world, input, described)
      yield* saved(described)
      const zone = contents.zone ?? "UTC"
      const yesterday = yield* TimeRange.resolve(TimeRange.last(1, "P1D", zone))
      const missing = missingIn(report, yesterday.start.epochMillis)
      const failsOn = list(input, "failOn")
      const isRestated = report.counts.restated + report.counts.withdrawn > 0
      return {
        data: { dataset: dataset.options.folder ?? dataset.options.database, ...report, missing },
        isComplete: !(
          (failsOn.includes("restated") && isRestated) ||
          (failsOn.includes("missing") && missing.length > 0)
        ),
        print: (output) =>
          Effect.zipRight(
            output.write(renderReport(name, report, missing)),
            showNextStep(world, input, described)
          )
      }
    })
  )

const saved = ({ contents, file, isChanged }: Described) =>
  isChanged ? writeContents(file, contents) : Effect.void

const synced = (
  world: World,
  input: Input,
  described: Described
): Effect.Effect<Dataset.Report, Failure, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    const { dataset, isNew, name } = described
    const refresh = yield* refreshOf(input)
    const concurrency = yield* count(input, "concurrency", "--concurrency")
    const given = text(input, "task")
    if (given !== undefined) {
      return yield* Dataset.runTask(
        dataset,
        yield* readTask(given === "-" ? yield* readStdin(world) : given)
      )
    }
    const progress = yield* makeProgress(world, input, "parts")
    let isDescribed = !isNew
    return yield* Dataset.sync(dataset, {
      ...refresh,
      ...(concurrency === undefined ? {} : { concurrency }),
      // When the first part has been read, the description of the dataset is known to be right. It
      // is saved now, so that a later sync needs only the name. A failure to save it is reported at
      // the end.
      onProgress: ({ done, rows, total }) =>
        Effect.zipRight(
          isDescribed
            ? Effect.void
            : Effect.ignore(
                Effect.map(saved(described), () => {
                  isDescribed = true
                })
              ),
          progress.report({ done, total, count: rows })
        )
    }).pipe(
      Effect.ensuring(progress.end),
      howToContinue(
        world.stderr,
        () =>
          `${name}: interrupted. Parts that were complete are kept. To continue${
            isDescribed
              ? `: ${lineOf(described)}`
              : ", run the same command again, with its options."
          }`
      )
    )
  })

const readTask = (json: string): Effect.Effect<Dataset.Task, UsageError> =>
  Effect.flatMap(
    Effect.try({
      try: (): unknown => JSON.parse(json),
      catch: () => wrongTask(json)
    }),
    (parsed) => (isTask(parsed) ? Effect.succeed(parsed) : Effect.fail(wrongTask(json)))
  )

const wrongTask = (json: string): UsageError =>
  new UsageError(
    `--task is ${JSON.stringify(json.slice(0, 80))}, which is not a task`,
    "Pass a line of innerspace plan --format ndjson"
  )

const isTask = (value: unknown): value is Dataset.Task =>
  typeof value === "object" &&
  value !== null &&
  "table" in value &&
  "part" in value &&
  "from" in value &&
  "until" in value &&
  "reason" in value

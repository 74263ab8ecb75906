/** `innerspace verify`: compares the files of a dataset with its manifest and with the API. */
import * as Dataset from "@innerspace-metrics/export/Dataset"
import * as Effect from "effect/Effect"
import type { Run } from "../frame/command.js"
import type { Output } from "../frame/output.js"
import { count } from "../frame/read.js"
import { withDataset } from "./session.js"

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const sample = (yield* count(input, "sample", "--sample", 0)) ?? 0
    return yield* withDataset(world, input, ({ dataset, name }) =>
      Effect.map(Dataset.verify(dataset, { sample }), (found) => {
        const problems = found.problems.map(({ hint, path, problem, reason }) => ({
          reason,
          problem,
          hint,
          path: path ?? null
        }))
        return {
          data: { ...found, problems },
          isComplete: problems.length + found.differences.length === 0,
          print: ({ write }: Output) =>
            write(
              [
                `${name}: ${found.parts} parts with ${found.rows} rows, ${problems.length} problems; ${found.sampled.length} parts compared with the API, ${found.differences.length} differ`,
                ...problems.map(({ hint, problem }) => `problem  ${problem}. ${hint}.`),
                ...found.differences.map(
                  ({ added, part, restated, withdrawn }) =>
                    `differs  ${part}: ${added} rows added, ${restated.length} values restated, ${withdrawn.length} withdrawn; read it again with innerspace sync ${name} --refresh ${/month=([\d-]+)/.exec(part)?.[1] ?? ""}`
                ),
                ""
              ].join("\n")
            )
        }
      })
    )
  })

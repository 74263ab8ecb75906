/** `innerspace plan`: what a sync would read. */
import * as Dataset from "@innerspace-metrics/export/Dataset"
import * as Effect from "effect/Effect"
import type { Run } from "../frame/command.js"
import { text } from "../frame/read.js"
import { renderTable } from "../render/table.js"
import { refreshOf, withDataset } from "./session.js"

export const run: Run = (world, input) =>
  withDataset(world, input, ({ dataset }) =>
    Effect.gen(function* () {
      const tasks = yield* Dataset.plan(dataset, yield* refreshOf(input))
      const format = text(input, "format") ?? (world.stdout.isTTY === true ? "table" : "ndjson")
      return {
        data: tasks,
        print: (output) =>
          output.write(
            format === "ndjson"
              ? tasks.map((task) => `${JSON.stringify(task)}\n`).join("")
              : renderTable(
                  [{ title: "part" }, { title: "reason" }, { title: "from" }, { title: "until" }],
                  tasks.map(({ from, part, reason, table, until }) => [
                    part ?? table,
                    reason,
                    from,
                    until
                  ]),
                  output
                )
          )
      }
    })
  )

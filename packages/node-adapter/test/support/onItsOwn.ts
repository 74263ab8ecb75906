/**
 * Runs a program in its own process. The program makes a client from the environment, sends one
 * query, and prints the result.
 */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"

export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const run = (
  program: string,
  environment: Readonly<Record<string, string>>,
  args: ReadonlyArray<string> = []
): Effect.Effect<Output> =>
  Effect.async((resume) => {
    const child = execFile(
      process.execPath,
      ["--input-type=module", "--eval", program, ...args],
      {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        env: { PATH: process.env["PATH"], ...environment }
      },
      (_error, stdout, stderr) =>
        resume(Effect.succeed({ code: child.exitCode ?? -1, stdout, stderr }))
    )
    return Effect.sync(() => child.kill())
  })

/** The code of such a program, without Effect. */
export const queryOnce = `
  import { Query } from "@innerspace-metrics/core"
  import { building_features } from "@innerspace-metrics/core/v1"
  import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"

  const metrics = createMetricsClient()
  const query = Query.from(building_features, {
    select: ["feature_value"],
    where: {
      building_id: 71,
      feature_name: "weekly_frequency_dist",
      granularity: "P1W",
      group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
    }
  })
  console.log(JSON.stringify(await metrics.query(query)))
  await metrics.close()
`

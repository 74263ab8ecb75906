/**
 * Runs a dashboard in its own process. It repeatedly sends all queries of the dashboard at once.
 */
import type { Open } from "../clients/shared/client.js"
import { answer, task } from "../measurement/answer.js"
import { boards } from "./boards.js"

export interface Task {
  readonly client: string
  readonly url: string
  readonly queries: number
  readonly warmUp: number
  readonly times: number
}

const boardOf = async ({ client, queries, url }: Task): Promise<() => Promise<unknown>> => {
  const merging = boards[client]
  if (merging !== undefined) {
    const board = await merging(url)
    const buildings = Array.from({ length: queries }, (_, building) => building)
    return () => board(buildings)
  }
  const { open } = (await import(`../clients/${client}.js`)) as { readonly open: Open }
  const send = open(url, { isRepeated: false, hasSpans: false })
  return () => send(queries, queries)
}

const run = async () => {
  const { times, warmUp, ...rest } = task<Task>()
  const board = await boardOf({ times, warmUp, ...rest })
  for (let time = 0; time < warmUp; time++) await board()
  const cpu = process.cpuUsage()
  const begun = performance.now()
  for (let time = 0; time < times; time++) await board()
  const { system, user } = process.cpuUsage(cpu)
  return {
    wall: (performance.now() - begun) / times,
    cpu: (user + system) / 1000 / times
  }
}

answer(run())

/** Measures one way to decode, in its own process. */
import { answer, task } from "../measurement/answer.js"
import { answerText } from "./answer.js"
import { decoders } from "./decoders.js"

export interface Task {
  readonly decoder: string
  readonly rows: number
  readonly zones: number
  readonly answers: number
  /** Whether the program reads each column of each decoded row. */
  readonly readsAll: boolean
}

const run = async () => {
  const { answers, decoder, readsAll, rows: count, zones } = task<Task>()
  const decode = decoders[decoder]
  if (decode === undefined) throw new Error(`There is no decoder "${decoder}"`)
  const text = answerText(count, zones)
  let columns = 0
  // Keeps the rows, as a program that uses the rows does. Otherwise, the garbage collector could
  // free the rows of JSON.parse at almost no cost, and the measurement would not include this work.
  let kept: ReadonlyArray<object> = []
  const once = () => {
    const rows = decode(text)
    if (rows.length !== count) throw new Error(`${decoder} gave ${rows.length} rows`)
    kept = rows
    if (!readsAll) return
    for (const row of rows) {
      const { DATE_TIME_START, OCCUPANCY_MEAN, PEOPLE_COUNT, ZONE_ID } = row as {
        readonly [column: string]: unknown
      }
      if (DATE_TIME_START !== undefined && OCCUPANCY_MEAN !== undefined) columns += 2
      if (PEOPLE_COUNT !== undefined && ZONE_ID !== undefined) columns += 2
    }
  }
  const warmUp = Math.ceil(answers / 3)
  for (let answer = 0; answer < warmUp; answer++) once()
  const { system, user } = process.cpuUsage()
  for (let answer = 0; answer < answers; answer++) once()
  const after = process.cpuUsage()
  if (kept.length !== count) throw new Error("The rows are gone")
  if (readsAll && columns !== 4 * count * (warmUp + answers)) throw new Error("A column is missing")
  return { cpu: (after.user + after.system - user - system) / 1000 / answers }
}

answer(run())

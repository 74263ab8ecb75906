/** Measures one way from a response to its columns, in its own process. */
import { readFileSync } from "node:fs"
import { answer, task } from "../measurement/answer.js"
import type { Body } from "./bodies.js"
import { ways } from "./ways.js"

export interface Task extends Body {
  readonly way: string
  readonly answers: number
  /** The file with the response. */
  readonly file: string
}

const run = async () => {
  const { answers, file, way, ...body } = task<Task>()
  const make = ways[way]
  if (make === undefined) throw new Error(`There is no way "${way}"`)
  const bytes = new Uint8Array(readFileSync(file))
  const text = new TextDecoder().decode(bytes)
  const read = await make({ ...body, bytes, file, text })
  const once = async () => {
    const count = await read()
    if (count !== body.rows) throw new Error(`${way} gave ${count} rows`)
  }
  for (let warmUp = Math.ceil(answers / 3); warmUp > 0; warmUp--) await once()
  const { system, user } = process.cpuUsage()
  for (let done = 0; done < answers; done++) await once()
  const after = process.cpuUsage()
  return { cpu: (after.user + after.system - user - system) / 1000 / answers }
}

answer(run())

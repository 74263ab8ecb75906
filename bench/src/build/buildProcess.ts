/** Measures one way to build operations, in its own process. */
import { answer, task } from "../measurement/answer.js"
import { builders } from "./builders.js"

export interface Task {
  readonly name: string
  /** How long to measure. A warm-up of a third of this time precedes the measurement. */
  readonly seconds: number
}

/** The number of operations that are built between two looks at the clock. */
const batch = 2_000

const run = async () => {
  const { name, seconds } = task<Task>()
  const build = await builders[name]?.()
  if (build === undefined) throw new Error(`There is no builder "${name}"`)
  const buildFor = async (seconds: number) => {
    const end = performance.now() + seconds * 1000
    const { system, user } = process.cpuUsage()
    let operations = 0
    do {
      const length = await build(batch)
      if (length < batch * 50) throw new Error(`${name} made no operations`)
      operations += batch
    } while (performance.now() < end)
    const after = process.cpuUsage()
    return (after.user + after.system - user - system) / operations
  }
  await buildFor(seconds / 3)
  return { cpu: await buildFor(seconds) }
}

answer(run())

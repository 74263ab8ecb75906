/** A fresh process that imports one client and sends one query. */
import { createRequire } from "node:module"
import { answer, task } from "../measurement/answer.js"

export interface Task {
  /** The URL of a client's module. If it is missing, the process does nothing. */
  readonly client?: string
  readonly url: string
  readonly isOfZone?: boolean
}

/**
 * Platforms load a bundle with `require`. `import` would first search the text of the bundle for
 * exports.
 */
const require = createRequire(import.meta.url)

const run = async () => {
  const { client, isOfZone, url } = task<Task>()
  if (client !== undefined) {
    const { open } = client.endsWith(".cjs") ? require(client) : await import(client)
    await open(url, { isRepeated: false, hasSpans: false, isOfZone })(1, 1)
  }
  const { system, user } = process.cpuUsage()
  // Wall time and CPU time are counted from the start of the process.
  return { wall: performance.now(), cpu: (user + system) / 1000 }
}

answer(run())

/** A fresh process that imports one client and sends one query. */
import { answer, task } from "../measurement/answer.js"

export interface Task {
  /** The URL of a client's module. Without it, the process does nothing. */
  readonly client?: string
  readonly url: string
}

const run = async () => {
  const { client, url } = task<Task>()
  if (client !== undefined) {
    const { open } = await import(client)
    await open(url, { isRepeated: false, hasSpans: false })(1, 1)
  }
  const { system, user } = process.cpuUsage()
  // Both are counted from the start of the process.
  return { wall: performance.now(), cpu: (user + system) / 1000 }
}

answer(run())

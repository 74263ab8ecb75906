/** Measures the cost of one client's requests, in its own process. */
import type { Open, Send, Use } from "../clients/shared/client.js"
import { answer, task } from "../measurement/answer.js"

export interface Task extends Use {
  readonly client: string
  readonly url: string
  readonly requests: number
  readonly warmUp: number
}

const measure = async (send: Send, requests: number, concurrency: number) => {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await send(requests, concurrency)
  const { system, user } = process.cpuUsage(cpu)
  return {
    cpu: (user + system) / requests,
    rate: (requests / (performance.now() - begun)) * 1000
  }
}

const run = async () => {
  const { client, requests, url, warmUp, ...use } = task<Task>()
  const { open } = (await import(`../clients/${client}.js`)) as { readonly open: Open }
  const send = open(url, use)
  await send(warmUp, 1)
  await send(warmUp, 50)
  const sequential = await measure(send, requests, 1)
  const concurrent = await measure(send, requests, 50)
  return {
    "sequential CPU": sequential.cpu,
    "sequential rate": sequential.rate,
    "concurrent CPU": concurrent.cpu,
    "concurrent rate": concurrent.rate
  }
}

answer(run())

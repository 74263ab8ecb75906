/** One client, alone in its process: what its requests cost. */
import { clients } from "./clients.js"

const [name = "", url = "", count = "0"] = process.argv.slice(2)
const send = clients[name]?.(url)
if (send === undefined) throw new Error(`There is no client "${name}"`)

const measure = async (count: number, concurrency: number) => {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await send(count, concurrency)
  const { user, system } = process.cpuUsage(cpu)
  return { seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 }
}

const total = Number(count)
await send(Math.min(total, 2_000), 1)
await send(Math.min(total, 2_000), 50)
const sequential = await measure(total, 1)
const concurrent = await measure(total, 50)
console.log(name.padEnd(34), "seq µs cpu", ((sequential.cpuSeconds / total) * 1e6).toFixed(0), "wall", ((sequential.seconds / total) * 1e6).toFixed(0), "conc cpu", ((concurrent.cpuSeconds / total) * 1e6).toFixed(0), "wall", ((concurrent.seconds / total) * 1e6).toFixed(0))
process.exit()

// Runs the checks in workerd, the runtime of Cloudflare Workers. Then checks the Worker of the
// examples, in which all requests share one client.

import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { bundle } from "./bundle.mjs"
import { fromNpm } from "./installed.mjs"

const config = ({ clientId, clientSecret, urls }) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "checks", worker = .checks),
    (name = "example", worker = .example),
    (name = "internet", network = (allow = ["public", "private", "local"]))
  ],
  sockets = [
    (name = "checks", address = "127.0.0.1:0", http = (), service = "checks"),
    (name = "example", address = "127.0.0.1:0", http = (), service = "example")
  ]
);
const checks :Workerd.Worker = (
  modules = [(name = "checks.js", esModule = embed "checks.js")],
  compatibilityDate = "2026-11-01"
);
const example :Workerd.Worker = (
  modules = [(name = "example.js", esModule = embed "example.js")],
  compatibilityDate = "2026-11-01",
  bindings = [
    (name = "INNERSPACE_CLIENT_ID", text = ${JSON.stringify(clientId)}),
    (name = "INNERSPACE_CLIENT_SECRET", text = ${JSON.stringify(clientSecret)}),
    (name = "INNERSPACE_BASE_URL", text = ${JSON.stringify(urls.v1)})
  ]
);
`

/** The export conditions of Cloudflare's own bundler. */
const conditions = ["workerd", "worker", "browser"]

export async function runWorker(source, settings) {
  const program = fromNpm(source)
  const directory = mkdtempSync(join(tmpdir(), "workerd-"))
  const write = (file, text) => writeFileSync(join(directory, file), text)
  write("config.capnp", config(settings))
  write("checks.js", await bundle("hosts/worker.mjs", conditions))
  write("example.js", await bundle("../examples/cloudflare-worker/worker.ts", conditions))
  const workerd = spawn(program, ["serve", "config.capnp", "--control-fd=3"], {
    cwd: directory,
    stdio: ["ignore", "inherit", "inherit", "pipe"]
  })
  try {
    const { checks, example } = await portsOf(workerd)
    const options = { method: "POST", body: JSON.stringify(settings) }
    const report = await (await fetch(`http://127.0.0.1:${checks}/`, options)).json()
    const call = (signal) => fetch(`http://127.0.0.1:${example}/`, { signal })
    const shared = await sharedClient(call, settings)
    return { results: [...report.results, ...shared], version: source.version }
  } finally {
    const isRunning = workerd.exitCode === null && workerd.signalCode === null
    if (isRunning && workerd.kill()) await once(workerd, "exit")
    rmSync(directory, { recursive: true, force: true })
  }
}

async function portsOf(workerd) {
  const ports = {}
  for await (const line of createInterface({ input: workerd.stdio[3] })) {
    const { event, port, socket } = JSON.parse(line)
    if (event === "listen") ports[socket] = port
    if (ports.checks !== undefined && ports.example !== undefined) return ports
  }
  throw new Error(`workerd ended with ${workerd.exitCode}`)
}

/**
 * Checks that requests that share a client do not wait for each other, even if a request fails or
 * hangs.
 */
async function sharedClient(call, { urls }) {
  const sandbox = (path, body) =>
    fetch(`${urls.v1}/_sandbox/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body)
    })
  const answered = async (signal) => {
    const response = await call(AbortSignal.any([signal, AbortSignal.timeout(20_000)]))
    if (!response.ok) throw new Error((await response.json()).error)
  }
  const never = new AbortController().signal
  const many = (count) => Promise.all(Array.from({ length: count }, () => answered(never)))
  const check = async (title, run) => {
    try {
      await sandbox("reset")
      await run()
      return { group: "requests with one client", title }
    } catch (error) {
      return { group: "requests with one client", title, error: String(error) }
    }
  }
  return [
    await check("requests at once do not wait for each other", () => many(20)),
    await check("a request after others have ended is answered", () => many(1)),
    await check("a request that is left does not stop the others", async () => {
      await sandbox("faults", { times: 5, effect: { _tag: "Delay", milliseconds: 3_000 } })
      const leaving = new AbortController()
      const left = Array.from({ length: 5 }, () => answered(leaving.signal).catch(() => {}))
      await new Promise((resolve) => setTimeout(resolve, 300))
      const others = many(10)
      leaving.abort()
      await Promise.all([others, ...left])
      await many(5)
    }),
    await check("a login that is left does not stop the others", async () => {
      await sandbox("tokens/expire")
      await sandbox("faults", {
        target: "token",
        effect: { _tag: "Delay", milliseconds: 10_000 }
      })
      const leaving = new AbortController()
      const left = answered(leaving.signal).catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 300))
      leaving.abort()
      await left
      await many(5)
    })
  ]
}

// The runtimes of the matrix. A runtime from the npm registry has an exact version.

import { arch, platform } from "node:process"
import { launchPage } from "./browsers.mjs"
import { runDeno } from "./deno.mjs"
import { runProgram } from "./programs.mjs"
import { runWorker } from "./workerd.mjs"

const npm = (name, version, file) => ({ name, version, file })

const node = (version) =>
  npm(`node-${platform === "win32" ? "win" : platform}-${arch}`, version, "bin/node")

const bun = npm(`@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}`, "1.4.5", "bin/bun")

const deno = npm(
  `@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`,
  "2.9.6",
  "deno"
)

const workerd = npm(
  `@cloudflare/workerd-${platform}-${arch === "x64" ? "64" : arch}`,
  "1.20261117.1",
  "bin/workerd"
)

const program = (name, source) => ({
  name,
  adapter: "node-adapter",
  run: (settings) => runProgram(source, [], settings)
})

const page = (name, browser) => ({
  name,
  adapter: "browser-adapter",
  run: (settings) => launchPage(browser, settings)
})

export const runtimes = [
  program("Node 20", node("20.20.2")),
  program("Node 22", node("22.23.3")),
  program("Node 24", node("24.21.0")),
  program("Node 26", node("26.10.0")),
  program("Bun", bun),
  { name: "Deno", adapter: "node-adapter", run: (settings) => runDeno(deno, settings) },
  { name: "workerd", adapter: "node-adapter", run: (settings) => runWorker(workerd, settings) },
  page("Chromium", "chromium"),
  page("Firefox", "firefox"),
  page("WebKitGTK", "webkit")
]

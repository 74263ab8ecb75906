// Runs a registry on localhost. It accepts our packages, and gets all other packages from the
// registry that npm is configured to use.

import { spawn } from "node:child_process"
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { shell } from "../environment.mjs"
import { must } from "../shared/command.mjs"

/**
 * Starts Verdaccio with its storage in `directory`, and returns `{ url, upstream, env, stop }`.
 * With `env` in their environment, npm and pnpm install from this registry and may publish to it.
 * The registry stops at the latest when this process ends.
 */
export async function startRegistry(directory) {
  mkdirSync(directory)
  const upstream = must("npm", ["config", "get", "registry"]).trim()
  const port = await freePort()
  const url = `http://localhost:${port}/`
  const configuration = join(directory, "verdaccio.yaml")
  const log = join(directory, "verdaccio.log")
  // The configuration must be YAML. JSON is a subset of YAML.
  writeFileSync(configuration, JSON.stringify(settings(directory, upstream)))
  const output = openSync(log, "w")
  const child = spawn("verdaccio", ["--config", configuration, "--listen", `localhost:${port}`], {
    cwd: directory,
    shell,
    stdio: ["ignore", output, output]
  })
  process.on("exit", () => child.kill())
  await untilReady(`${url}-/ping`, child, log)

  const npmrc = join(directory, "npmrc")
  const token = await register(url)
  writeFileSync(npmrc, `registry=${url}\n${url.replace("http:", "")}:_authToken=${token}\n`)
  const env = {
    npm_config_userconfig: npmrc,
    npm_config_registry: url,
    npm_config_cache: join(directory, "npm-cache"),
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false"
  }
  return { url, upstream, env, stop: () => child.kill() }
}

function settings(directory, upstream) {
  return {
    storage: join(directory, "storage"),
    auth: { htpasswd: { file: join(directory, "htpasswd") } },
    uplinks: { upstream: { url: upstream, timeout: "60s", maxage: "1h", max_fails: 20 } },
    packages: {
      "@innerspace-metrics/*": { access: "$all", publish: "$authenticated" },
      "**": { access: "$all", proxy: "upstream" }
    },
    // Uses tokens, because Verdaccio would check a password with bcrypt at each request.
    security: { api: { legacy: false, jwt: { sign: { expiresIn: "1d" } } } },
    web: { enable: false },
    max_body_size: "50mb",
    log: { type: "stdout", format: "pretty", level: "warn" }
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .on("error", reject)
      .listen(0, "localhost", () => {
        const { port } = server.address()
        server.close(() => resolve(port))
      })
  })
}

async function untilReady(url, child, log) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) break
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  console.error(`The registry did not start. It printed:\n${readFileSync(log, "utf8")}`)
  process.exit(1)
}

/** Creates a user who may publish, and returns the user's token. */
async function register(url) {
  const name = "release"
  const response = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password: crypto.randomUUID() })
  })
  const { token } = await response.json()
  if (typeof token === "string") return token
  console.error(`The registry refused to create a user (status ${response.status})`)
  process.exit(1)
}

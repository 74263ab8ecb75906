/** Runs built examples as a user does: as processes, with their settings in the environment. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const program = (name: string) => fileURLToPath(new URL(`../dist/${name}/main.js`, import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** Runs an example until it exits. */
export const run = async (
  name: string,
  options: ReadonlyArray<string> = [],
  env: Readonly<Record<string, string>> = {}
): Promise<Ended> => {
  const child = spawn(process.execPath, [program(name), ...options], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let output = ""
  let errors = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text
  })
  const [code] = await once(child, "close")
  return { code, output, errors }
}

/** Runs a server until `use` is done. The first line that the server prints is its address. */
export const serving = async (
  name: string,
  use: (address: string) => Promise<void>,
  env: Readonly<Record<string, string>> = {}
): Promise<number | null> => {
  const child = spawn(process.execPath, [program(name)], {
    env: { ...process.env, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"]
  })
  const ended = once(child, "close")
  try {
    const [first] = await Promise.race([once(child.stdout, "data"), ended])
    await use(String(first).trim())
  } finally {
    child.kill("SIGTERM")
  }
  const [code] = await ended
  return code
}

const control = (path: string, init?: RequestInit) =>
  fetch(`${process.env["INNERSPACE_BASE_URL"]}/_sandbox/${path}`, {
    headers: { "content-type": "application/json" },
    ...init
  })

/** Returns how many token requests the sandbox receives during an action. */
export const tokenRequests = async (during: () => Promise<unknown>): Promise<number> => {
  await control("reset", { method: "POST" })
  await during()
  const requests: ReadonlyArray<{ readonly kind: string }> = await (
    await control("requests")
  ).json()
  return requests.filter(({ kind }) => kind === "token").length
}

/** Injects a fault for the next operations. */
export const fault = (effect: object, times = 1) =>
  control("faults", { method: "POST", body: JSON.stringify({ effect, times }) })

/**
 * Advances the sandbox's clock, after which the values of yesterday are published. The API
 * publishes a day at 02:00 of the next day, and a test can run before that. When clocks go back,
 * 02:00 is three hours after midnight.
 */
export const publishYesterday = () =>
  control("clock", { method: "POST", body: JSON.stringify({ advanceSeconds: 3 * 60 * 60 }) })

// Runs the checks, which are the same for every runtime. They are plain JavaScript and need no test
// runner.

import { calls } from "./calls.mjs"
import { login } from "./login.mjs"
import { streams } from "./streams.mjs"
import { time } from "./time.mjs"

export const groups = { login, calls, streams, "time zones": time }

/** How long a check may take. Only a check that hangs reaches this limit. */
const limit = 60_000

/**
 * Runs the checks against a sandbox that no other program uses.
 *
 * `host` is the code that depends on the runtime. It has `kind` ("server" or "page"), `about()`,
 * which names the runtime, and `client(settings, options)`, which makes a client. The host of a
 * page also has `source`, which makes a source of tokens from a callback.
 */
export async function runChecks({ host, settings }) {
  const results = []
  for (const [group, checks] of Object.entries(groups)) {
    for (const { on, run, title } of checks) {
      if (on !== undefined && on !== host.kind) continue
      const context = makeContext(host, settings)
      const error = await outcome(context, run)
      results.push({ group, title, ...(error === undefined ? {} : { error }) })
    }
  }
  return { results, about: host.about() }
}

async function outcome(context, run) {
  try {
    await context.control("reset")
    await withinLimit(run(context))
    return undefined
  } catch (error) {
    return `${error?.message ?? error}`.slice(0, 2_000)
  } finally {
    await Promise.race([context.closeAll(), sleep(5_000)]).catch(() => {})
  }
}

function withinLimit(promise) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It did not end within ${limit} ms`)), limit)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

function makeContext(host, settings) {
  const opened = []
  const request = async (path, method, body) => {
    const response = await fetch(`${settings.urls.v1}/_sandbox/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    if (!response.ok) throw new Error(`The sandbox rejected ${path}: ${await response.text()}`)
    const text = await response.text()
    return text === "" ? undefined : JSON.parse(text)
  }
  const control = (path, body) => request(path, "POST", body)
  return {
    client: (options = {}) => {
      const client = host.client(settings, options)
      opened.push(client)
      return client
    },
    closeAll: () => Promise.all(opened.map((client) => client.close())),
    control,
    inject: (fault) => control("faults", fault),
    source: host.source,
    sleep,
    /** How many requests of a kind the sandbox has received. */
    sent: async (kind) =>
      (await request("requests", "GET")).filter((entry) => entry.kind === kind).length,
    until: async (condition) => {
      while (!(await condition())) await sleep(20)
    }
  }
}

// Starts the sandbox by a command of the caller's, for programs that log in to it.

import { spawn } from "node:child_process"

/**
 * Starts a sandbox and waits until it listens: `{ environment, stop }`. The environment is what a
 * program needs to log in, read from what the command prints. It stops with this process at the latest.
 */
export async function startSandbox(command, options, { cwd }) {
  // A group of its own, so that stopping reaches the sandbox behind npx.
  const child = spawn(command, options, { cwd, detached: true })
  process.on("exit", () => child.exitCode ?? stopGroup(child))
  const stopped = new Promise((resolve) => child.on("exit", resolve))
  let printed = ""
  const environment = await new Promise((resolve, reject) => {
    const give = (text) => {
      printed += text
      const found = {
        INNERSPACE_BASE_URL: /\bv1\b(?!\.).*?(http:\/\/[^\s/]+)/.exec(printed)?.[1],
        INNERSPACE_CLIENT_ID: /client.id\W+([\w-]+)/i.exec(printed)?.[1],
        INNERSPACE_CLIENT_SECRET: /client.secret\W+([\w-]+)/i.exec(printed)?.[1]
      }
      if (Object.values(found).every((value) => value !== undefined)) resolve(found)
    }
    child.stdout.on("data", give)
    child.stderr.on("data", give)
    stopped.then((code) => reject(new Error(`innerspace-sandbox ended with ${code}`)))
    setTimeout(
      () => reject(new Error("innerspace-sandbox is not ready after 60 s")),
      60_000
    ).unref()
  }).catch((error) => {
    console.error(`${error.message}; it printed:\n${printed}`)
    process.exit(1)
  })
  const stop = () => {
    stopGroup(child)
    return stopped
  }
  return { environment, stop }
}

function stopGroup(child) {
  try {
    process.kill(-child.pid, "SIGTERM")
  } catch (error) {
    if (error.code !== "ESRCH") throw error
  }
}

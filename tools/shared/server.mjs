// Starts a server program, and waits for the output that shows that the program is ready.

import { spawn } from "node:child_process"

/**
 * Returns `{ found, stop }`. `find` gets the output so far, and returns `undefined` until the
 * program is ready. `found` is its result. The program stops at the latest when this process ends.
 */
export async function startServer(command, options, { cwd, env = {} }, find) {
  const name = [command, ...options].join(" ")
  // The program has its own process group, so that stopping it also reaches the processes that it
  // started.
  const child = spawn(command, options, { cwd, env: { ...process.env, ...env }, detached: true })
  process.on("exit", () => child.exitCode ?? stopGroup(child))
  const stopped = new Promise((resolve) => child.on("exit", resolve))
  let printed = ""
  const found = await new Promise((resolve, reject) => {
    const give = (text) => {
      printed += text
      const part = find(printed)
      if (part !== undefined) resolve(part)
    }
    child.stdout.on("data", give)
    child.stderr.on("data", give)
    child.on("error", reject)
    stopped.then((code) => reject(new Error(`"${name}" ended with ${code}`)))
    setTimeout(() => reject(new Error(`"${name}" is not ready after 60 s`)), 60_000).unref()
  }).catch((error) => {
    console.error(`${error.message}; it printed:\n${printed}`)
    process.exit(1)
  })
  const stop = () => {
    stopGroup(child)
    return stopped
  }
  return { found, stop }
}

function stopGroup(child) {
  try {
    process.kill(-child.pid, "SIGTERM")
  } catch (error) {
    if (error.code !== "ESRCH") throw error
  }
}

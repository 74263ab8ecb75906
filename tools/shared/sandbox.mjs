// Starts the sandbox with the caller's command, for programs that log in to it.

import { startServer } from "./server.mjs"

/**
 * Starts a sandbox, waits until it listens, and returns `{ environment, stop }`. The environment
 * has the settings that a program needs to log in, read from the output of the command. The sandbox
 * stops with this process at the latest.
 */
export async function startSandbox(command, options, settings) {
  const { found, stop } = await startServer(command, options, settings, (printed) => {
    const environment = {
      INNERSPACE_BASE_URL: /\bv1\b(?!\.).*?(http:\/\/[^\s/]+)/.exec(printed)?.[1],
      // For programs with tables of v2, in place of the base URL.
      SANDBOX_V2_URL: /\bv2\b.*?(http:\/\/[^\s/]+)/.exec(printed)?.[1],
      INNERSPACE_CLIENT_ID: /client.id\W+([\w-]+)/i.exec(printed)?.[1],
      INNERSPACE_CLIENT_SECRET: /client.secret\W+([\w-]+)/i.exec(printed)?.[1]
    }
    return Object.values(environment).includes(undefined) ? undefined : environment
  })
  return { environment: found, stop }
}

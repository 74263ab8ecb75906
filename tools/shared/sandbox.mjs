// Starts the sandbox with the caller's command, for programs that log in to it.

import { startServer } from "./server.mjs"

/**
 * Starts a sandbox, waits until it listens, and returns `{ environment, webApp, stop }`. The values
 * come from the output of the command. `environment` has the settings that a program needs to log
 * in. `webApp` has the settings of a web app in which people sign in. The sandbox stops at the
 * latest when this process ends.
 */
export async function startSandbox(command, options, settings) {
  const { found, stop } = await startServer(command, options, settings, (printed) => {
    const text = (pattern) => pattern.exec(printed)?.[1]
    const environment = {
      INNERSPACE_BASE_URL: text(/\bv1\b(?!\.).*?(http:\/\/[^\s/]+)/),
      // The base URL for programs that use the tables of v2.
      SANDBOX_V2_URL: text(/\bv2\b.*?(http:\/\/[^\s/]+)/),
      INNERSPACE_CLIENT_ID: text(/client.id\W+([\w-]+)/i),
      INNERSPACE_CLIENT_SECRET: text(/client.secret\W+([\w-]+)/i)
    }
    const webApp = {
      INNERSPACE_AUTH0_DOMAIN: text(/issuer\W+(http:\/\/\S+)/),
      INNERSPACE_AUTH0_AUDIENCE: text(/audience\W+(\S+)/),
      INNERSPACE_AUTH0_WEB_CLIENT_ID: text(/web app\W+([\w-]+)/),
      INNERSPACE_AUTH0_WEB_CLIENT_SECRET: text(/web app.*? secret ([\w-]+)/)
    }
    const all = [...Object.values(environment), ...Object.values(webApp)]
    return all.includes(undefined) ? undefined : { environment, webApp }
  })
  return { ...found, stop }
}

// The repository's root, and the environment in which its tools are started.

import { delimiter, join } from "node:path"

export const root = join(import.meta.dirname, "..")

/**
 * Whether commands need a shell. On Windows, npx, pnpm and the tools are .cmd files, which only a
 * shell can start.
 */
export const shell = process.platform === "win32"

/** Changes the environment of this process. Every process that it starts inherits the change. */
export function prepareEnvironment() {
  // npm describes its current script in these variables. A nested npm or pnpm would use them as its
  // own settings.
  const inherited =
    /^npm_(?:lifecycle|package|command)|^npm_(?:config_(?:user_agent|local_prefix)|execpath)$/
  for (const name of Object.keys(process.env)) {
    if (inherited.test(name)) delete process.env[name]
  }
  process.env.PATH = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`
  process.env.TURBO_TELEMETRY_DISABLED = "1"
  process.env.TURBO_NO_UPDATE_NOTIFIER = "1"
  if (!process.stdout.isTTY) process.env.NO_COLOR = "1"
}

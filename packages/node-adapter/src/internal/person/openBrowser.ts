/** Opens the system's browser. */
import { spawn } from "node:child_process"
import { env, platform } from "node:process"

/**
 * Opens an address in the system's browser. Rejects if no browser can be opened. The command runs
 * without a shell, so no shell interprets the address.
 */
export const openBrowser = (url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    if (platform === "linux" && !hasDisplay()) {
      return reject(new Error("there is no display"))
    }
    const [command, ...args] = commandFor(url)
    const child = spawn(command, args, { stdio: "ignore", detached: true })
    child.unref()
    child.once("error", reject)
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with code ${code}`))
    )
  })

const hasDisplay = (): boolean =>
  [env["DISPLAY"], env["WAYLAND_DISPLAY"], env["WSL_DISTRO_NAME"]].some(
    (value) => value !== undefined && value !== ""
  )

const commandFor = (url: string): readonly [command: string, ...args: ReadonlyArray<string>] => {
  switch (platform) {
    case "darwin":
      return ["open", url]
    case "win32":
      return ["rundll32", "url.dll,FileProtocolHandler", url]
    default:
      return ["xdg-open", url]
  }
}

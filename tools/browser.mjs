// Finds a real Chromium for tests. As root on a machine with apt-get it installs one if there is
// none, and says so first.
//
//   node tools/browser.mjs        prints the path of its executable

import { spawnSync } from "node:child_process"
import { accessSync, constants, statSync } from "node:fs"
import { delimiter, join } from "node:path"
import { argv, env, exit, getuid, platform } from "node:process"
import { pathToFileURL } from "node:url"
import { chromium } from "playwright-core"

/** Starts the browser without a window. The caller closes it. */
export async function launchBrowser() {
  return chromium.launch({
    executablePath: browserPath(),
    // Keeps the back-forward cache, which Playwright turns off and people's browsers have.
    ignoreDefaultArgs: ["--disable-back-forward-cache"]
  })
}

/** The path of a Chromium's executable. Installs Chromium if there is none and apt-get works. */
export function browserPath() {
  if (env.CHROME_PATH !== undefined) {
    if (isExecutable(env.CHROME_PATH)) return env.CHROME_PATH
    throw new Error(
      `CHROME_PATH is ${env.CHROME_PATH}, which is not an executable file. Set it to the executable of Chromium or Google Chrome.`
    )
  }
  const found = installed() ?? (installWithApt() ? installed() : undefined)
  if (found !== undefined) return found
  throw new Error(
    "No Chromium was found. Install Chromium or Google Chrome, or set CHROME_PATH to its executable."
  )
}

function installed() {
  return [...onPath(), ...inUsualPlaces(), chromium.executablePath()].find(isExecutable)
}

function onPath() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
  const directories = (env.PATH ?? "").split(delimiter).filter((directory) => directory !== "")
  return directories.flatMap((directory) => names.map((name) => join(directory, name)))
}

function inUsualPlaces() {
  switch (platform) {
    case "darwin":
      return [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium"
      ]
    case "win32":
      return [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA]
        .filter((directory) => directory !== undefined)
        .map((directory) => join(directory, "Google", "Chrome", "Application", "chrome.exe"))
    default:
      return []
  }
}

/** Only as root, as on a CI machine. On people's own machines they decide what is installed. */
function installWithApt() {
  if (platform !== "linux" || getuid?.() !== 0) return false
  console.error(
    `No Chromium was found. Installing the package "chromium" with apt-get from ${aptSources()}.\n` +
      "To avoid this, install Chromium or Google Chrome yourself, or set CHROME_PATH to its executable."
  )
  const patient = ["-o", "DPkg::Lock::Timeout=300"]
  return [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]].every(
    (command) => apt([...patient, ...command])
  )
}

/** The servers that apt-get is configured with. */
function aptSources() {
  const { stdout } = spawnSync("apt-get", ["indextargets", "--format", "$(SITE)"], {
    encoding: "utf8"
  })
  const sites = new Set((stdout ?? "").split("\n").filter((site) => site !== ""))
  return sites.size === 0 ? "the sources in /etc/apt" : [...sites].join(", ")
}

function apt(options) {
  const { status, stdout, stderr } = spawnSync("apt-get", options, {
    encoding: "utf8",
    env: { ...env, DEBIAN_FRONTEND: "noninteractive" }
  })
  if (status !== 0) console.error(`${stdout ?? ""}${stderr ?? "apt-get cannot be started"}`)
  return status === 0
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    console.log(browserPath())
  } catch (error) {
    console.error(error.message)
    exit(1)
  }
}

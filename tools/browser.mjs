// Finds a real Chromium for tests. If there is none, it prints a message and installs Chromium, but
// only as root on a machine with apt-get.
//
//   node tools/browser.mjs        prints the path of its executable

import { join } from "node:path"
import { argv, env, exit, platform } from "node:process"
import { pathToFileURL } from "node:url"
import { chromium } from "playwright-core"
import { installWithApt, isExecutable, onPath } from "./apt.mjs"

const instead =
  "To avoid this, install Chromium or Google Chrome yourself, or set CHROME_PATH to its executable."

/** Starts the browser without a window. The caller must close it. */
export async function launchBrowser() {
  return chromium.launch({
    executablePath: browserPath(),
    // With this argument, Playwright turns the back-forward cache off. The argument is left out,
    // because the cache is on in people's browsers.
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
  const found = installed() ?? (installWithApt("chromium", instead) ? installed() : undefined)
  if (found !== undefined) return found
  throw new Error(
    "No Chromium was found. Install Chromium or Google Chrome, or set CHROME_PATH to its executable."
  )
}

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

function installed() {
  return [...onPath(names), ...inUsualPlaces(), chromium.executablePath()].find(isExecutable)
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

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    console.log(browserPath())
  } catch (error) {
    console.error(error.message)
    exit(1)
  }
}

// Runs the checks in a page of a real browser. The browser needs no driver, because the page sends
// its results to the server that served it.

import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { getuid } from "node:process"
import { browserPath } from "../../tools/browser.mjs"
import { bundle } from "./bundle.mjs"
import { fromDebian } from "./installed.mjs"

const limit = 600_000

export async function launchPage(browser, settings) {
  const start = browsers[browser]()
  const profile = mkdtempSync(join(tmpdir(), `${browser}-`))
  const { server, results } = await servePage(await bundle("hosts/page.mjs", []), settings)
  const started = await start(`http://localhost:${server.address().port}/`, profile)
  let late
  try {
    const report = await Promise.race([
      results,
      ...started.map(ending),
      new Promise((_, reject) => {
        late = setTimeout(() => reject(new Error("The page sent no results")), limit)
      })
    ])
    if (report.error !== undefined) throw new Error(report.error)
    return { ...report, version: versionOf(browser, report.about.version) }
  } finally {
    clearTimeout(late)
    for (const child of started) await stopped(child)
    server.closeAllConnections()
    server.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

const browsers = {
  chromium: () => {
    const program = browserPath()
    return (url, profile) => [
      run(program, [
        "--headless=new",
        "--no-first-run",
        "--disable-gpu",
        ...(getuid?.() === 0 ? ["--no-sandbox"] : []),
        `--user-data-dir=${profile}`,
        url
      ])
    ]
  },
  firefox: () => {
    const program = fromDebian(["firefox", "firefox-esr"], ["firefox-esr"])
    return (url, profile) => [
      run(program, ["--headless", "--no-remote", "--profile", profile, url], { HOME: profile })
    ]
  },
  webkit: () => {
    const program = miniBrowser()
    const xvfb = fromDebian(["Xvfb"], ["xvfb"])
    // MiniBrowser always opens a window, so it needs a virtual screen.
    return async (url, profile) => {
      const screen = spawn(xvfb, ["-displayfd", "3"], {
        stdio: ["ignore", "ignore", "ignore", "pipe"]
      })
      const [display] = await once(screen.stdio[3], "data")
      const environment = {
        DISPLAY: `:${String(display).trim()}`,
        HOME: profile,
        WEBKIT_DISABLE_COMPOSITING_MODE: "1"
      }
      return [run(program, [url], environment), screen]
    }
  }
}

function miniBrowser() {
  return fromDebian(
    ["x86_64", "aarch64"].map((cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`),
    ["webkit2gtk-driver"]
  )
}

function run(program, options, environment = {}) {
  // The browser has its own process group, because it starts further processes.
  return spawn(program, options, {
    stdio: "ignore",
    detached: true,
    env: { ...process.env, ...environment }
  })
}

async function ending(child) {
  const [code] = await once(child, "exit")
  throw new Error(`The browser ended with ${code}`)
}

async function stopped(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, "exit")
  try {
    process.kill(-child.pid, "SIGKILL")
  } catch {
    child.kill("SIGKILL")
  }
  await exit
}

async function servePage(script, settings) {
  let resolve
  const results = new Promise((done) => {
    resolve = done
  })
  const answers = {
    "/": ["text/html", '<!doctype html><script type="module" src="/page.js"></script>'],
    "/page.js": ["text/javascript", script],
    "/settings": ["application/json", JSON.stringify(settings)]
  }
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      let body = ""
      for await (const chunk of request.setEncoding("utf8")) body += chunk
      resolve(JSON.parse(body))
      response.end()
      return
    }
    const [type, text] = answers[request.url] ?? []
    if (text === undefined) response.writeHead(404).end()
    else response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(text)
  })
  server.listen(0, "localhost")
  await once(server, "listening")
  return { server, results }
}

/**
 * WebKitGTK's version comes from its Debian package, because its user agent has the version of a
 * Safari.
 */
function versionOf(browser, userAgent) {
  if (browser === "webkit") {
    const { stdout } = spawnSync("dpkg-query", ["--show", "libwebkit2gtk-4.1-0"], {
      encoding: "utf8"
    })
    return /\t([\d.]+)/.exec(stdout)?.[1] ?? userAgent
  }
  return /(?:Firefox|Chrome)\/([\d.]+)/.exec(userAgent)?.[1] ?? userAgent
}

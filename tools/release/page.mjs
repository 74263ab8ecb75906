// Bundles the page of a project with Vite, and opens the page in Chromium.

import { createReadStream, existsSync } from "node:fs"
import { createServer } from "node:http"
import { extname, join } from "node:path"
import { launchBrowser } from "../browser.mjs"
import { root } from "../environment.mjs"
import { readJson } from "../shared/tarballs.mjs"

const vite = readJson(join(root, "apps", "demo", "package.json")).dependencies.vite

const types = { ".html": "text/html", ".js": "text/javascript" }

/** Returns checks `[title, "" or the problem]`. */
export async function usePage(project, sandbox) {
  const installed = project.install([`vite@${vite}`])
  if (installed.status !== 0) return [["install Vite", installed.output]]
  const html = '<!doctype html><title>asks</title><script type="module" src="./page.ts"></script>'
  project.write("index.html", html)
  const built = project.run(join("node_modules", ".bin", "vite"), ["build", "--logLevel", "warn"])
  if (built.status !== 0) return [["build by Vite", built.output]]
  const server = await serve(join(project.directory, "dist"))
  const title = await titleInBrowser(`http://localhost:${server.address().port}`, sandbox)
  server.close()
  return [
    ["build by Vite", ""],
    ["24 rows in Chromium", title === "24 rows" ? "" : title]
  ]
}

async function serve(directory) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost")
    const file = join(directory, pathname === "/" ? "index.html" : pathname)
    if (!existsSync(file)) return response.writeHead(404).end()
    response.writeHead(200, { "content-type": types[extname(file)] ?? "text/plain" })
    return createReadStream(file).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, "localhost", resolve))
  return server
}

/** Waits until the page at an address shows a result, and returns the page's title or the error. */
export async function titleInBrowser(address, sandbox) {
  const browser = await launchBrowser()
  try {
    const settings = new URLSearchParams({
      api: sandbox.INNERSPACE_BASE_URL,
      token: await tokenOf(sandbox)
    })
    const page = await browser.newPage()
    await page.goto(`${address}/#${settings}`)
    await page.waitForFunction('document.title !== "asks"', undefined, { timeout: 120_000 })
    return await page.title()
  } catch (error) {
    return error.message
  } finally {
    await browser.close()
  }
}

async function tokenOf(sandbox) {
  const response = await fetch(`${sandbox.INNERSPACE_BASE_URL}/api/rest/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: sandbox.INNERSPACE_CLIENT_ID,
      client_secret: sandbox.INNERSPACE_CLIENT_SECRET
    })
  })
  return (await response.json()).access_token
}

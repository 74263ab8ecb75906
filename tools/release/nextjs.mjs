// Makes a Next.js app with the unchanged routes and pages of the examples, and one more page.
// Next.js builds and serves the app with default settings, and a browser signs a person in to the
// app. Next.js needs a third of a gigabyte, so it is installed here and not with the repository.

import { cpSync, mkdirSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { launchBrowser } from "../browser.mjs"
import { root } from "../environment.mjs"
import { startServer } from "../shared/server.mjs"
import { readJson } from "../shared/tarballs.mjs"
import { timed } from "../shared/timed.mjs"
import { nodeTypes } from "./consumers.mjs"
import { titleInBrowser } from "./page.mjs"
import { pageText } from "./programs.mjs"

const next = "next@16.4.6"

/** Next.js checks types with the compiler's JavaScript API, which TypeScript 7 does not have. */
const typescript = "typescript@5.9.3"

const { dependencies, devDependencies } = readJson(join(root, "examples", "package.json"))
const react = [
  `react@${dependencies.react}`,
  `react-dom@${dependencies["react-dom"]}`,
  `@types/react@${devDependencies["@types/react"]}`,
  `@tanstack/react-query@${dependencies["@tanstack/react-query"]}`
]

const layout = `
import type { ReactNode } from "react"

export const metadata = { title: "asks" }

export default function Layout({ children }: { children: ReactNode }) {
  return <html lang="en"><body>{children}</body></html>
}
`

const page = `
"use client"
import { useEffect } from "react"

export default function Page() {
  useEffect(() => {
    void import("../asks")
  }, [])
  return null
}
`

/** Returns checks `[title, "" or the problem]`. */
export async function useNextjs(project, { packages, peers }, { environment, webApp }) {
  const specifiers = [...packages, ...peers, next, ...react, typescript, nodeTypes]
  const installed = await timed(() => project.install(specifiers))
  if (installed.value.status !== 0) return [["install", installed.value.output]]
  mkdirSync(join(project.directory, "app"))
  for (const example of ["nextjs", "nextjs-sign-in"]) {
    cpSync(join(root, "examples", example, "app"), join(project.directory, "app"), {
      recursive: true
    })
  }
  project.write(join("app", "layout.tsx"), layout)
  project.write(join("app", "page.tsx"), page)
  project.write("asks.ts", pageText)

  const program = join("node_modules", "next", "dist", "bin", "next")
  const quiet = { NEXT_TELEMETRY_DISABLED: "1" }
  // The build has no credentials, like a build in CI.
  const built = await timed(() => project.run("node", [program, "build"], quiet))
  if (built.value.status !== 0) return [["next build", built.value.output]]

  // The app must know its address before it starts.
  const port = await freePort()
  const env = { ...quiet, ...environment, ...webApp, APP_URL: `http://localhost:${port}` }
  const server = await startServer(
    "node",
    [program, "start", "--port", String(port)],
    { cwd: project.directory, env },
    (printed) =>
      printed.includes("Ready") ? /http:\/\/localhost:\d+/.exec(printed)?.[0] : undefined
  )
  const checks = [
    ...(await useRoute(`${server.found}/api/occupancy`, environment.INNERSPACE_BASE_URL)),
    await renderedPage(`${server.found}/occupancy`),
    await inBrowser(server.found, environment),
    await signIn(server.found)
  ]
  await server.stop()
  return [
    [`install (${installed.seconds} s)`, ""],
    [`next build (${built.seconds} s)`, ""],
    ...checks
  ]
}

async function useRoute(route, api) {
  await fetch(`${api}/_sandbox/reset`, {
    method: "POST",
    headers: { "content-type": "application/json" }
  })
  const ask = async (month) => {
    const response = await fetch(`${route}?month=${month}`)
    return { status: response.status, body: await response.json() }
  }
  const together = await Promise.all(["2024-03", "2024-04", "2024-05"].map(ask))
  const answers = [...together, await ask("2024-03")]
  const lengths = answers.map(({ body }) => body.length).join(", ")
  const refused = await ask("march")
  const requests = await (await fetch(`${api}/_sandbox/requests`)).json()
  const tokens = requests.filter(({ kind }) => kind === "token").length
  return [
    [
      "the route returns rows",
      lengths === "31, 30, 31, 31" ? "" : JSON.stringify(answers).slice(0, 1000)
    ],
    ["400 without a month", refused.status === 400 ? "" : `its status is ${refused.status}`],
    ["one token for four requests", tokens === 1 ? "" : `it requested ${tokens}`]
  ]
}

async function renderedPage(page) {
  const html = await (await fetch(page)).text()
  const rows = html.split("<tr>").length - 1
  return ["31 rows in the HTML of the page", rows === 31 ? "" : `it has ${rows}`]
}

async function inBrowser(address, sandbox) {
  const title = await titleInBrowser(address, sandbox)
  return ["24 rows in Chromium", title === "24 rows" ? "" : title]
}

/**
 * Signs a person in with a browser. The person must see a week of their building, and must have to
 * sign in again after the sign-out.
 */
async function signIn(address) {
  const title = "a person signs in, and out, in Chromium"
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(`${address}/week`)
    await page.getByLabel("User name").fill("tom@example.com")
    await page.getByLabel("Password").fill("see-building-72")
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByText("Most people at once").waitFor()
    const days = await page.locator("li").count()
    await page.getByRole("button", { name: "Sign out" }).click()
    await page.waitForURL(`${address}/`)
    await page.goto(`${address}/week`)
    // The provider's session must have ended too.
    await page.getByLabel("Password").waitFor()
    return [title, days === 7 ? "" : `it shows ${days} days in place of 7`]
  } catch (error) {
    return [title, error.message]
  } finally {
    await browser.close()
  }
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, "localhost", resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

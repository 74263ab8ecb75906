/** Tests the programs in which people sign in, each with a real browser. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { watch } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import startSandbox from "@innerspace-metrics/sandbox/vitest"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { launchBrowser } from "../../tools/browser.mjs"
import { serving } from "./run.js"

type Browser = Awaited<ReturnType<typeof launchBrowser>>
type Page = Awaited<ReturnType<Browser["newPage"]>>

let browser: Browser

// This file has its own sandbox, because other files reset the shared sandbox, inject faults and
// count its token requests.
let stopSandbox: () => Promise<void>

beforeAll(async () => {
  stopSandbox = await startSandbox()
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
  await stopSandbox()
})

const password = "see-building-72"

const fillIn = async (page: Page): Promise<void> => {
  await page.getByLabel("User name").fill("tom@example.com")
  await page.getByLabel("Password").fill(password)
  await page.getByRole("button", { name: "Sign in" }).click()
}

/** Returns the text of the page, of its address and of its storage. */
const shown = (page: Page) =>
  page.evaluate(() =>
    [
      location.href,
      document.documentElement.outerHTML,
      document.cookie,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage })
    ].join("\n")
  )

describe("web apps", () => {
  for (const name of ["express-sign-in", "hono-sign-in", "nextjs-sign-in"]) {
    it(`${name} lets a person sign in, shows a week of their building, and signs out`, async () => {
      const code = await serving(name, async (address) => {
        const page = await browser.newPage()
        await page.goto(address)
        await fillIn(page)
        await page.getByText("Most people at once").waitFor()
        assert.strictEqual(await page.locator("li").count(), 7)
        assert.strictEqual(new URL(page.url()).origin, new URL(address).origin)
        assert.strictEqual(new URL(page.url()).search, "")
        const all = await shown(page)
        assert.notInclude(all, "eyJ")
        assert.notInclude(all, password)
        assert.notInclude(all, process.env["INNERSPACE_AUTH0_WEB_CLIENT_SECRET"] ?? "none")
        const cookies = await page.context().cookies(address)
        assert.isTrue(cookies.every(({ httpOnly, name }) => httpOnly || !name.includes("session")))
        await page.getByRole("button", { name: "Sign out" }).click()
        // The provider's session has ended too, so the provider asks for the password again.
        await page.getByLabel("Password").waitFor()
        await page.close()
      })
      assert.strictEqual(code, 0)
    })
  }
})

const program = (name: string) => fileURLToPath(new URL(`../dist/${name}/main.js`, import.meta.url))

const start = (name: string, env: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, [program(name)], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const read = { output: "", errors: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    read.output += text
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    read.errors += text
  })
  return { child, read, ended: once(child, "close") }
}

describe("native applications", () => {
  it("device-code shows a code, and prints a week after the person has entered it", async () => {
    const { child, ended, read } = start("device-code")
    await once(child.stderr, "data")
    const [, address = "", code = ""] = /^Open (\S+) and enter (\S+)$/m.exec(read.errors) ?? []
    const page = await browser.newPage()
    await page.goto(address)
    await page.getByLabel("Code").fill(code)
    await page.getByRole("button", { name: "Continue" }).click()
    await page.getByRole("button", { name: "Confirm" }).click()
    await fillIn(page)
    await page.getByText("The device is connected").waitFor()
    const [exitCode] = await ended
    assert.strictEqual(exitCode, 0, read.errors)
    assert.strictEqual(read.output.trimEnd().split("\n").length, 7)
    assert.notInclude(read.errors + read.output, "eyJ")
    await page.close()
  })

  it("browser-sign-in opens the browser, which then says that it can be closed", async () => {
    const directory = mkdtempSync(join(tmpdir(), "opener-"))
    try {
      // This script replaces the system's command that opens a browser.
      const opened = join(directory, "opened")
      const opener = join(directory, "xdg-open")
      writeFileSync(
        opener,
        `#!/bin/sh\nprintf %s "$1" > "${opened}.tmp" && mv "${opened}.tmp" "${opened}"\n`
      )
      chmodSync(opener, 0o755)
      const changes = watch(directory)
      const { ended, read } = start("browser-sign-in", {
        PATH: directory + delimiter + (process.env["PATH"] ?? ""),
        DISPLAY: ":0"
      })
      for await (const _ of changes) if (existsSync(opened)) break
      const page = await browser.newPage()
      await page.goto(readFileSync(opened, "utf8"))
      await fillIn(page)
      await page.getByText("You can close this window").waitFor()
      assert.match(page.url(), /^http:\/\/127\.0\.0\.1:\d+\/signed-in$/)
      const [exitCode] = await ended
      assert.strictEqual(exitCode, 0, read.errors)
      assert.include(read.output, "7 days")
      await page.close()
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

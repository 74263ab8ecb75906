/** Tests the pages that use libraries for data fetching, in a real browser. */
import startSandbox from "@innerspace-metrics/sandbox/vitest"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { launchBrowser } from "../../tools/browser.mjs"
import { type Relay, startRelay } from "./relay.js"
import { fault, serving } from "./run.js"

type Browser = Awaited<ReturnType<typeof launchBrowser>>
type Page = Awaited<ReturnType<Browser["newPage"]>>

/** The time limit of a test. A busy machine needs half a minute for a page. */
const patience = 180_000

let browser: Browser
let relay: Relay

// This file has its own sandbox, because other files reset the shared sandbox, inject faults and
// count its token requests.
let stopSandbox: () => Promise<void>

beforeAll(async () => {
  stopSandbox = await startSandbox()
  browser = await launchBrowser()
  relay = await startRelay(process.env["INNERSPACE_BASE_URL"] ?? "")
})

afterAll(async () => {
  await browser.close()
  await relay.close()
  await stopSandbox()
})

const signedIn = async (address: string): Promise<Page> => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(address)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByLabel("User name").fill("tom@example.com")
  await page.getByLabel("Password").fill("see-building-72")
  relay.forget()
  await page.getByRole("button", { name: "Sign in" }).click()
  await firstDay(page, "2024-03-04")
  return page
}

const firstDay = (page: Page, date: string) =>
  page.locator("table[aria-busy=false] tr:first-child th", { hasText: date }).waitFor()

const click = (page: Page, name: string) => page.getByRole("button", { name }).click()

for (const name of ["tanstack-query", "swr", "vue", "svelte"]) {
  describe(name, () => {
    it(
      `${name}: one request for a mount, one for a refresh, previous rows, and an abort`,
      async () => {
        await serving(
          name,
          async (address) => {
            const page = await signedIn(address)
            // React's StrictMode mounts each component twice, but the page must send one operation.
            assert.strictEqual(relay.operations(), 1, "a mount")
            assert.strictEqual(await page.locator("th").count(), 7)

            const arrived = relay.arrived()
            await click(page, "Refresh")
            await arrived
            await firstDay(page, "2024-03-04")
            assert.strictEqual(relay.operations(), 2, "a refresh")

            const release = relay.hold()
            const next = relay.arrived()
            await click(page, "Next week")
            await next
            await page.locator("table[aria-busy=true]").waitFor()
            assert.strictEqual(await page.locator("th").first().textContent(), "2024-03-04")
            release()
            await firstDay(page, "2024-03-11")
            assert.strictEqual(relay.operations(), 3, "another week")

            const releaseLate = relay.hold()
            const held = relay.arrived()
            const aborted = relay.aborted()
            await click(page, "Next week")
            await held
            await click(page, "Hide")
            await aborted
            releaseLate()
            await click(page, "Show")
            await firstDay(page, "2024-03-18")
            assert.strictEqual(await page.getByRole("alert").count(), 0)
            assert.strictEqual(relay.operations(), 5, "the aborted request, and the next one")
            await page.context().close()
          },
          // StrictMode mounts components twice only in the development build of React.
          { INNERSPACE_BASE_URL: relay.url, NODE_ENV: "development" }
        )
      },
      patience
    )
  })
}

describe("floor-page", () => {
  it(
    "floor-page: a person signs in, sees the zones, and can try again after an error",
    async () => {
      await serving("floor-page", async (address) => {
        const page = await browser.newPage()
        await page.goto(address)
        await click(page, "Sign in")
        await page.getByLabel("User name").fill("tom@example.com")
        await page.getByLabel("Password").fill("see-building-72")
        await fault({ _tag: "GraphqlError", code: "access-denied" })
        await click(page, "Sign in")
        await page.getByRole("alert").waitFor()
        await click(page, "Try again")
        await page.getByText("People on average, last week").waitFor()
        assert.strictEqual(await page.locator("th").count(), 4)
        await page.close()
      })
    },
    patience
  )
})

describe("nextjs", () => {
  it(
    "nextjs: the HTML has the rows, the browser keeps them, and it cancels through the server",
    async () => {
      await serving(
        "nextjs",
        async (address) => {
          relay.forget()
          assert.include(await (await fetch(address)).text(), "<th>2024-03-01</th>")
          assert.strictEqual(relay.operations(), 1, "on the server")

          const page = await browser.newPage()
          const problems: Array<string> = []
          page.on("console", (message) => {
            if (message.type() === "error") problems.push(message.text())
          })
          page.on("pageerror", (error) => problems.push(error.message))
          const calls: Array<string> = []
          page.on("request", (request) => {
            if (request.url().includes("/api/")) calls.push(request.url())
          })
          await page.goto(address)
          const release = relay.hold()
          const arrived = relay.arrived()
          await click(page, "April")
          await arrived
          assert.strictEqual(await page.locator("th").first().textContent(), "2024-03-01")
          release()
          await firstDay(page, "2024-04-01")
          // The browser requested only April, because the server had already rendered March.
          assert.deepStrictEqual(calls, [`${new URL(address).origin}/api/occupancy?month=2024-04`])
          assert.deepStrictEqual(problems, [])

          await page.close()

          // Another browser context is needed, because the first context has April in its HTTP
          // cache.
          const other = await browser.newPage()
          await other.goto(address)
          const releaseLate = relay.hold()
          const held = relay.arrived()
          const aborted = relay.aborted()
          await click(other, "April")
          await held
          await other.close()
          await aborted
          releaseLate()
        },
        { INNERSPACE_BASE_URL: relay.url }
      )
    },
    patience
  )
})

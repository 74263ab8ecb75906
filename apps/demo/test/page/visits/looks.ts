/**
 * Checks every state of the page at two widths, in light and dark. axe must find no problem, and no
 * element may cross the edge of the screen. The pictures in `.pictures` are for people to look at.
 */
import { mkdir, readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { assert, type Vitest } from "@effect/vitest"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import type { AxeResults } from "axe-core"
import type { Page } from "playwright-core"
import { type House, visit } from "../Visit.js"
import { closeTables, loaded, panel, show, tableOf } from "./reading.js"

const folder = fileURLToPath(new URL("../../../.pictures", import.meta.url))

/** The four combinations of a width and a colour scheme. axe checks only two of them. */
const looks = [
  { width: 360, colorScheme: "light", isChecked: false },
  { width: 360, colorScheme: "dark", isChecked: true },
  { width: 1600, colorScheme: "light", isChecked: true },
  { width: 1600, colorScheme: "dark", isChecked: false }
] as const

const look = async (page: Page, state: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const { colorScheme, isChecked, width } of looks) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    // After a change of the width or the scheme, the figures are drawn again, so this waits for two
    // frames.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    )
    await page.screenshot({
      path: `${folder}/${state}-${width}-${colorScheme}.png`,
      fullPage: true
    })
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.isAtMost(beyond, 0, `${state} at ${width}: beyond the edge of the screen`)
    if (isChecked) assert.deepStrictEqual(await problemsOf(page), [], `${state}, ${colorScheme}`)
  }
}

const axe = readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8")

const problemsOf = async (page: Page): Promise<ReadonlyArray<string>> => {
  await page.evaluate(await axe)
  const { violations } = await page.evaluate<Pick<AxeResults, "violations">>(
    // axe does not check the inside of images, because a screen reader does not read it, and an
    // image of a year has 8,784 rectangles. It checks only three rows of a table, because all rows
    // are alike, and axe needs seconds for a hundred rows.
    "axe.run({ exclude: ['svg[role=img] *', 'tbody tr:nth-child(n + 4)'] }, { resultTypes: ['violations'] })"
  )
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)
}

/**
 * The time limit of a test. On a busy machine, a picture takes a second, and axe takes two seconds.
 */
const patience = 180_000

export const looksOfAllStates = (it: Vitest.MethodsNonLive<House>) => {
  it.effect(
    "the page with data has no accessibility problem and fits the screen",
    () =>
      visit(async ({ address, page, signIn }) => {
        await page.goto(address)
        await page.getByRole("button", { name: "Sign in" }).waitFor()
        await look(page, "sign-in")
        await signIn("?span=2025-06")
        await loaded(page)
        await look(page, "month")
        await page.getByRole("button", { name: "What if" }).click()
        await look(page, "what-if")
        await page.keyboard.press("Escape")
        for (const name of ["hours", "spaces"] as const) await tableOf(page, name)
        await page.locator(".wire summary").click()
        await look(page, "tables")
        await closeTables(page)
        await show(page, "?span=2024&granularity=P1W")
        await look(page, "year")
      }),
    patience
  )

  it.effect(
    "the page without data has no accessibility problem and fits the screen",
    () =>
      visit(async ({ address, control, page, sandbox, signIn }) => {
        await signIn("?span=2025-W27")
        await loaded(page)
        await look(page, "not-published")
        await page.goto(`${address}?building=99`)
        await page.getByText("You do not have access to building 99.").waitFor()
        await look(page, "not-permitted")
        // The first eight responses arrive: the buildings, their freshness and some pages of hours.
        // The next responses stall.
        await control(sandbox.control.inject(Fault.delay({ duration: 0, times: 8 })))
        await control(sandbox.control.inject(Fault.stallBody({ times: 50 })))
        await page.goto(`${address}?span=2024`)
        await panel(page, "hours")
          .getByText(/Loading, \d+ of 12 parts, [1-9][\d,]* rows/)
          .waitFor()
        assert.strictEqual(await panel(page, "hours").getAttribute("aria-busy"), "true")
        await look(page, "first-load")
        await control(sandbox.control.clearFaults)
        await control(sandbox.control.inject(Fault.unauthorized({ times: 4 })))
        await page.goto(`${address}?span=2024-01`)
        await page.getByRole("alert").filter({ hasText: "AuthError" }).waitFor()
        await look(page, "nothing-loaded")
        await control(sandbox.control.clearFaults)
        await page.goto(`${address}promise.html`)
        await page.getByText("14 days, the newest first.").waitFor()
        await look(page, "promise")
      }),
    patience
  )

  it.effect(
    "the page with failures has no accessibility problem and fits the screen",
    () =>
      visit(async ({ context, control, page, sandbox, signIn }) => {
        await signIn("?span=2024-W44&granularity=PT1H")
        await loaded(page)
        const { inject } = sandbox.control
        await control(inject(Fault.answer({ status: 404, body: "{}" })))
        await page.getByRole("button", { name: "Later" }).click()
        await page.locator(".panel[data-state=Failed]").first().waitFor()
        await look(page, "partly-failed")
        await control(inject(Fault.rateLimited({ retryAfter: 90 })))
        await page.getByRole("button", { name: "Earlier" }).click()
        await page
          .getByText(/Retrying in/)
          .first()
          .waitFor()
        await look(page, "rate-limited")
        await control(sandbox.control.clearFaults)
        // The rate limit stops the requests of the loaded page for 90 seconds, so this loads the
        // page again.
        await page.reload()
        await loaded(page)
        await context.setOffline(true)
        await page.getByText("You are offline.").waitFor()
        await look(page, "offline")
        await context.setOffline(false)
        await control(sandbox.control.endSessions())
        await control(sandbox.control.expireTokens)
        await page.getByRole("button", { name: "Earlier" }).click()
        await page.getByText("You have been signed out.").waitFor()
        await look(page, "signed-out")
      }),
    patience
  )

  it.effect("the page can be used by keyboard alone", () =>
    visit(async ({ page, signIn }) => {
      await signIn("?span=2025-06")
      await loaded(page)
      await page.keyboard.press("Tab")
      assert.strictEqual(await focused(page), "Skip to the figures")
      await page.keyboard.press("Tab")
      assert.strictEqual(await focused(page), "What if")
      await page.keyboard.press("Enter")
      await page.getByRole("complementary", { name: "What if" }).waitFor()
      await page.keyboard.press("Tab")
      assert.strictEqual(await focused(page), "Close")
      await page.keyboard.press("Escape")
      assert.strictEqual(await focused(page), "What if")
      await page.getByRole("radio", { name: "Month" }).focus()
      await page.keyboard.press("ArrowLeft")
      await page.locator(".panel-hours[data-state=Loaded]", { hasText: "Week 26" }).waitFor()
      assert.isTrue(await page.getByRole("radio", { name: "Week" }).isChecked())
      const table = panel(page, "hours").getByRole("button", { name: "Table of Occupancy by hour" })
      await table.focus()
      await page.keyboard.press("Space")
      await page
        .getByRole("region", { name: /^Occupancy by hour/ })
        .locator("table")
        .waitFor()
    })
  )
}

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent ?? "")

/** Tests of how the page is operated: on a telephone, with its buttons and its files. */
import { assert, type Vitest } from "@effect/vitest"
import type { Page } from "playwright-core"
import { partOfVisit, type SharedVisit } from "../Visit.js"
import { download, panel, panelNames, show } from "./reading.js"

export const handling = (it: Vitest.MethodsNonLive<SharedVisit>) => {
  it.effect("the page shows the first figure on the first screen of a telephone", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?span=2025-06")
      const before = page.viewportSize() ?? { width: 1280, height: 900 }
      await page.setViewportSize({ width: 390, height: 844 })
      try {
        await page.evaluate(() => scrollTo(0, 0))
        await page.waitForFunction(
          () => (document.querySelector(".panel-hours svg[role=img]")?.clientWidth ?? 999) < 390
        )
        const box = await panel(page, "hours").locator(".figure").boundingBox()
        assert.isAtMost((box?.y ?? 844) + (box?.height ?? 0), 844)
        // The other choices are visible after one tap.
        const building = page.getByRole("combobox", { name: "Building" })
        assert.isFalse(await building.isVisible())
        await page.getByRole("button", { name: /Change$/ }).click()
        await building.selectOption("72")
        await loadedWith(page, "Europe/Berlin")
        await page.getByRole("button", { name: /Close$/ }).click()
        assert.isFalse(await building.isVisible())
      } finally {
        await page.setViewportSize(before)
      }
      await page.goBack()
      await loadedWith(page, "America/Chicago")
    })
  )

  it.effect("every button of the page has an edge or a surface of its own", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?span=2025-06")
      await page.getByRole("button", { name: "What if" }).click()
      assert.deepStrictEqual(await plainButtons(page), [])
      await page.keyboard.press("Escape")
    })
  )

  it.effect("the page exports every figure as CSV in the same style", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?span=2025-05")
      const heads = {
        hours: "local_time,start_utc,people,state",
        weeks: "days,local_time,start_utc,people,state",
        floors: "floor,seats,local_time,start_utc,people,state",
        spaces: "space,type,seats,local_time,start_utc,people,state"
      }
      const row =
        /(?:^|,)2025-05-\d\dT\d\d:00:00\.000-05:00\[America\/Chicago\],2025-0[56]-\d\dT\d\d:00:00\.000Z,(?:[\d.]+,(?:Measured|Zero)|,NotMeasured)$/
      for (const name of panelNames) {
        const { content } = await download(page, name, "CSV")
        const [head, ...rows] = content.toString("utf8").trimEnd().split("\r\n")
        assert.strictEqual(head, heads[name])
        assert.isAbove(rows.length, 27, name)
        assert.deepStrictEqual(
          rows.filter((text) => !row.test(text)),
          []
        )
      }
      const spaces = (await download(page, "spaces", "CSV")).content.toString("utf8")
      assert.match(spaces, /^Meeting Room 2\.2,meeting_room,20,2025-05-06T.*,,NotMeasured\r$/m)
    })
  )

  it.effect("the axis of the floors follows the measure", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?span=2025-06")
      const peak = await highestTick(page)
      const drawn = await panel(page, "floors").locator("svg[role=img]").textContent()
      await page.getByRole("radio", { name: "Average" }).check()
      await page.waitForFunction(
        (before) => document.querySelector(".panel-floors svg[role=img]")?.textContent !== before,
        drawn
      )
      assert.isBelow(await highestTick(page), peak)
      await page.getByRole("radio", { name: "Peak" }).check()
    })
  )

  it.effect("Today leads back to the present, by the clock of the API", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?span=2024-01")
      const today = page.getByRole("button", { name: "Today" })
      await today.click()
      await loadedWith(page, "June 2025")
      assert.isTrue(await today.isDisabled())
      await show(page, "?span=2024-W01")
      await today.click()
      await loadedWith(page, "30 Jun to 6 Jul 2025")
      assert.include(
        await panel(page, "hours").innerText(),
        "This time has not been published yet."
      )
    })
  )

  it.effect("What if explains in plain words what happens", () =>
    partOfVisit(async ({ page }) => {
      await page.getByRole("button", { name: "What if" }).click()
      const text = await page.getByRole("complementary", { name: "What if" }).innerText()
      assert.notMatch(text, /\b(?:[45]\d\d|status|token|fault|inject|deadline|client|rate)/i)
      await page.keyboard.press("Escape")
    })
  )
}

/** Waits until every panel has loaded data whose footer has this text. */
const loadedWith = async (page: Page, text: string): Promise<void> => {
  for (const name of panelNames) {
    await page.locator(`.panel-${name}[data-state=Loaded]`, { hasText: text }).waitFor()
  }
}

/** Returns the texts of the visible buttons that have neither a border nor a background. */
const plainButtons = (page: Page): Promise<ReadonlyArray<string>> =>
  page.locator("button:visible").evaluateAll((buttons) =>
    buttons.flatMap((button) => {
      const { backgroundColor, borderTopColor, borderTopWidth } = getComputedStyle(button)
      const isTransparent = (color: string) => /^rgba\(.*, 0\)$/.test(color)
      const hasEdge = borderTopWidth !== "0px" && !isTransparent(borderTopColor)
      return hasEdge || !isTransparent(backgroundColor) ? [] : [button.textContent ?? ""]
    })
  )

/** The largest number on the axis. The other texts of the figure are words. */
const highestTick = async (page: Page): Promise<number> => {
  const texts = await panel(page, "floors").locator("svg[role=img] text").allTextContents()
  return Math.max(...texts.filter((text) => /^\d+$/.test(text)).map(Number))
}

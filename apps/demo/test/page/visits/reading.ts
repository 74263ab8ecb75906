/**
 * What visits ask of the page.
 */
import { readFile } from "node:fs/promises"
import { assert } from "@effect/vitest"
import type { Locator, Page } from "playwright-core"

export type PanelName = "hours" | "weeks" | "floors" | "spaces"

export const panelNames: ReadonlyArray<PanelName> = ["hours", "weeks", "floors", "spaces"]

export const panel = (page: Page, name: PanelName): Locator => page.locator(`.panel-${name}`)

/** Waits until all panels show something. */
export const loaded = async (page: Page): Promise<void> => {
  for (const name of panelNames) {
    await page.locator(`.panel-${name}[data-state=Loaded]`).waitFor()
  }
}

/**
 * Has the page show another choice, as the browser's own buttons do, and waits until every panel
 * has loaded it or failed.
 */
export const show = (page: Page, search: string): Promise<void> =>
  page.evaluate(async (search) => {
    const settled = [...document.querySelectorAll<HTMLElement>(".panel[data-state]")].map(
      (panel) =>
        new Promise<void>((resolve) => {
          let hasBegun = false
          const observer = new MutationObserver(() => {
            const isLoading = panel.dataset["state"] === "Loading"
            hasBegun ||= isLoading
            if (!hasBegun || isLoading) return
            observer.disconnect()
            resolve()
          })
          observer.observe(panel, { attributeFilter: ["data-state"] })
        })
    )
    history.pushState(null, "", search)
    dispatchEvent(new PopStateEvent("popstate"))
    await Promise.all(settled)
  }, search)

/** The rows of a panel's table, cell by cell. */
export const tableOf = async (
  page: Page,
  name: PanelName
): Promise<ReadonlyArray<ReadonlyArray<string>>> => {
  const toggle = panel(page, name).getByRole("button", { name: /^Table/ })
  if ((await toggle.getAttribute("aria-pressed")) === "false") await toggle.click()
  await panel(page, name).locator("table").waitFor()
  return panel(page, name)
    .locator("tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("th, td")].map((cell) => cell.textContent ?? ""))
    )
}

/** Has every panel show its figure. */
export const closeTables = async (page: Page): Promise<void> => {
  const pressed = page.locator(".panel [aria-pressed=true]")
  while ((await pressed.count()) > 0) await pressed.first().click()
}

/** What a button of a panel gives to download. */
export const download = async (
  page: Page,
  name: PanelName,
  button: "CSV" | "PNG"
): Promise<{ readonly file: string; readonly content: Buffer }> => {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    panel(page, name)
      .getByRole("button", { name: new RegExp(`^${button}`) })
      .click()
  ])
  return { file: download.suggestedFilename(), content: await readFile(await download.path()) }
}

/** The width and height that a PNG says it has. */
export const sizeOfPng = (png: Buffer): readonly [width: number, height: number] => {
  assert.strictEqual(png.subarray(1, 4).toString("latin1"), "PNG")
  return [png.readUInt32BE(16), png.readUInt32BE(20)]
}

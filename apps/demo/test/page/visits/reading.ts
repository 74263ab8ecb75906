/** Reads and operates the page, for visits. */
import { readFile } from "node:fs/promises"
import { assert } from "@effect/vitest"
import type { Locator, Page } from "playwright-core"

export type PanelName = "hours" | "weeks" | "floors" | "spaces"

export const panelNames: ReadonlyArray<PanelName> = ["hours", "weeks", "floors", "spaces"]

export const panel = (page: Page, name: PanelName): Locator => page.locator(`.panel-${name}`)

/** Waits until all panels have loaded. */
export const loaded = async (page: Page): Promise<void> => {
  for (const name of panelNames) {
    await page.locator(`.panel-${name}[data-state=Loaded]`).waitFor()
  }
}

/**
 * Changes the choice in the URL, like the browser's back button, and waits until every panel has
 * loaded or failed.
 */
export const show = (page: Page, search: string): Promise<void> =>
  page.evaluate(async (search) => {
    const settled = [...document.querySelectorAll<HTMLElement>(".panel[data-state]")].map(
      (panel) =>
        new Promise<void>((resolve) => {
          let hasBegun = false
          const observer = new MutationObserver((changes) => {
            const isLoading = panel.dataset["state"] === "Loading"
            // The panel has loaded if it was loading at any time. A fast response begins and ends
            // between two calls of this function, and a panel may already be loading at the first
            // call.
            hasBegun ||= isLoading || changes.some(({ oldValue }) => oldValue === "Loading")
            if (!hasBegun || isLoading) return
            observer.disconnect()
            resolve()
          })
          observer.observe(panel, { attributeFilter: ["data-state"], attributeOldValue: true })
        })
    )
    history.pushState(null, "", search)
    dispatchEvent(new PopStateEvent("popstate"))
    await Promise.all(settled)
  }, search)

/** The cells of a panel's table, row by row. */
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

/** Switches every panel to its figure. */
export const closeTables = async (page: Page): Promise<void> => {
  const pressed = page.locator(".panel [aria-pressed=true]")
  while ((await pressed.count()) > 0) await pressed.first().click()
}

/** Downloads a file with a button of a panel. */
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

/** The width and height of a PNG, from its header. */
export const sizeOfPng = (png: Buffer): readonly [width: number, height: number] => {
  assert.strictEqual(png.subarray(1, 4).toString("latin1"), "PNG")
  return [png.readUInt32BE(16), png.readUInt32BE(20)]
}

/** Tests of failures, mostly injected with the drawer that visitors use. */
import { assert, type Vitest } from "@effect/vitest"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import type { Page } from "playwright-core"
import { partOfVisit, type SharedVisit } from "../Visit.js"
import { loaded, panel, panelNames, show } from "./reading.js"

const whatIf = async (page: Page, name: string): Promise<void> => {
  const opener = page.getByRole("button", { name: "What if" })
  if ((await opener.getAttribute("aria-expanded")) === "false") await opener.click()
  await page.getByRole("button", { name, exact: true }).click()
  await page.getByText(`Done: ${name}.`).waitFor()
}

export const trouble = (it: Vitest.MethodsNonLive<SharedVisit>) => {
  it.effect("the page recovers from transient failures", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?")
      await whatIf(page, "Fail twice")
      await page.locator(".counts", { hasText: /retr(?:y|ies)\s*[1-9]/ }).waitFor()
      await loaded(page)
      await whatIf(page, "Let the login expire")
      await page.locator(".counts", { hasText: /token renewals?\s*[1-9]/ }).waitFor()
      await loaded(page)
    })
  )

  it.effect("a failed panel keeps its data, says what to do, and loads again", () =>
    partOfVisit(async ({ control, page, sandbox }) => {
      await show(page, "?span=2025-04")
      await control(sandbox.control.inject(Fault.answer({ status: 404, body: "{}" })))
      await page.getByRole("button", { name: "Later" }).click()
      const failed = page.locator(".panel[data-state=Failed]").first()
      await failed.getByRole("alert").waitFor()
      // The other panels may still be loading.
      await page.locator(".panel[data-state=Loaded]").nth(1).waitFor()
      // The older data is still visible, with its month in the footer.
      assert.include(await failed.locator(".panel-foot").innerText(), "April 2025")
      assert.match(
        await failed.getByRole("alert").innerText(),
        /ResponseError\.UnexpectedStatus, request /
      )
      for (const retry of await page.getByRole("button", { name: "Try again" }).all())
        await retry.click()
      await loaded(page)
      assert.include(
        await page
          .locator(".panel-foot")
          .allInnerTexts()
          .then((texts) => texts.join()),
        "May 2025"
      )
    })
  )

  it.effect(
    "the page says that it is offline, and loads failed panels when it is online again",
    () =>
      partOfVisit(async ({ context, page }) => {
        await show(page, "?span=2025-04")
        await context.setOffline(true)
        await page.getByText("You are offline.").waitFor()
        await page.getByRole("button", { name: "Later" }).click()
        await context.setOffline(false)
        await page.getByText("You are offline.").waitFor({ state: "detached" })
        await page.locator(".panel-hours[data-state=Loaded]", { hasText: "May 2025" }).waitFor()
        await loaded(page)
      })
  )

  it.effect("the page says which data a person may not see, and whom to ask", () =>
    partOfVisit(async ({ control, page, sandbox }) => {
      await show(page, "?span=2025-04")
      const body = JSON.stringify({
        errors: [{ message: "not for this role", extensions: { code: "access-denied", path: "$" } }]
      })
      await control(sandbox.control.inject(Fault.answer({ status: 200, body, times: 100 })))
      await show(page, "?span=2025-03")
      for (const name of panelNames) {
        const alert = panel(page, name).getByRole("alert")
        assert.match(await alert.innerText(), /Ask the vendor which role.*PermissionDenied/s)
        // If the query of a panel is rejected, the panel keeps its older data, and marks no value
        // of this data as "not permitted".
        assert.include(await panel(page, name).locator(".panel-foot").innerText(), "April 2025")
      }
      assert.strictEqual(await page.locator(".swatch-NotPermitted").count(), 0)
    })
  )

  it.effect("the page counts down after a rate limit, and then loads by itself", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?")
      // The installed clock stays for the rest of the shared visit, so this part must be the last
      // part.
      await page.clock.install()
      await whatIf(page, "Ask the page to wait")
      const button = page.getByRole("button", { name: /^Retrying in \d+ s$/ }).first()
      await button.waitFor()
      assert.isTrue(await button.isDisabled())
      await page.clock.fastForward("02:30")
      await loaded(page)
    })
  )
}

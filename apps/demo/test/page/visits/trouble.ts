/**
 * What goes wrong, and how the page copes: through the drawer that a visitor has.
 */
import { assert, type Vitest } from "@effect/vitest"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import type { Page } from "playwright-core"
import { type House, visit } from "../Visit.js"
import { loaded, panel } from "./reading.js"

const whatIf = async (page: Page, name: string): Promise<void> => {
  const opener = page.getByRole("button", { name: "What if" })
  if ((await opener.getAttribute("aria-expanded")) === "false") await opener.click()
  await page.getByRole("button", { name, exact: true }).click()
  await page.getByText(`Done: ${name}.`).waitFor()
}

export const trouble = (it: Vitest.MethodsNonLive<House>) => {
  it.effect("tries again by itself where that helps", () =>
    visit(async ({ page, signIn }) => {
      await signIn()
      await loaded(page)
      await whatIf(page, "Two errors, then well again")
      await page.locator(".counts", { hasText: /retries\s*[1-9]/ }).waitFor()
      await loaded(page)
      await whatIf(page, "Expire the token")
      await page.locator(".counts", { hasText: /token renewals\s*[1-9]/ }).waitFor()
      await loaded(page)
    })
  )

  it.effect("keeps what stays when a part fails, says what to do, and loads it again", () =>
    visit(async ({ control, page, sandbox, signIn }) => {
      await signIn("?span=2025-04")
      await loaded(page)
      await control(sandbox.control.inject(Fault.answer({ status: 404, body: "{}" })))
      await page.getByRole("button", { name: "Later" }).click()
      const failed = page.locator(".panel[data-state=Failed]").first()
      await failed.getByRole("alert").waitFor()
      assert.isAtLeast(await page.locator(".panel[data-state=Loaded]").count(), 2)
      // What it showed before is still there, and says of when it is.
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

  it.effect("counts down where the server limits the rate, and goes on by itself", () =>
    visit(async ({ page, signIn }) => {
      await page.clock.install()
      await signIn()
      await loaded(page)
      await whatIf(page, "Limit the rate")
      const button = page.getByRole("button", { name: /^Tries again in \d+ s$/ }).first()
      await button.waitFor()
      assert.isTrue(await button.isDisabled())
      await page.clock.fastForward("01:31")
      await loaded(page)
    })
  )

  it.effect("says that it is offline, and loads what failed when it is back", () =>
    visit(async ({ context, page, signIn }) => {
      await signIn("?span=2025-04")
      await loaded(page)
      await context.setOffline(true)
      await page.getByText("You are offline.").waitFor()
      await page.getByRole("button", { name: "Later" }).click()
      await context.setOffline(false)
      await page.getByText("You are offline.").waitFor({ state: "detached" })
      await page.locator(".panel-hours[data-state=Loaded]", { hasText: "May 2025" }).waitFor()
      await loaded(page)
    })
  )

  it.effect("tells how far the first load has come", () =>
    visit(async ({ control, page, sandbox, signIn }) => {
      await signIn()
      await loaded(page)
      // The buildings, their freshness and some of the pages of hours come; the rest hangs.
      await control(sandbox.control.inject(Fault.delay({ duration: 0, times: 8 })))
      await control(sandbox.control.inject(Fault.stallBody({ times: 50 })))
      await page.goto(page.url().replace(/\?.*|$/, "?span=2024"))
      await panel(page, "hours")
        .getByText(/Loading, \d+ of 12 parts, [1-9][\d,]* rows/)
        .waitFor()
      assert.strictEqual(await panel(page, "hours").getAttribute("aria-busy"), "true")
    })
  )
}

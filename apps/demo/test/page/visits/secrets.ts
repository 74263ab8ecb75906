/** Goes through everything that a visitor can do, and searches for tokens at every step. */
import { assert, type Vitest } from "@effect/vitest"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import type { Page } from "playwright-core"
import { kinds } from "../Secrets.js"
import { type House, visit } from "../Visit.js"
import { download, loaded, panelNames } from "./reading.js"

/** Waits until no panel is loading. */
const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    () =>
      document.querySelector(".panel[data-state]") !== null &&
      document.querySelector(".panel[data-state=Loading]") === null
  )

/**
 * The time limit of the test. Each trial injects a fault, which causes retries, and each retry
 * takes time.
 */
const patience = 180_000

export const secrets = (it: Vitest.MethodsNonLive<House>) => {
  it.effect(
    "the page leaves no token, code or password anywhere, whatever a visitor does",
    () =>
      visit(async ({ assertClean, control, page, sandbox, secrets, signIn }) => {
        await signIn("?span=2025-06")
        await loaded(page)
        await page.locator(".wire summary").click()
        for (const name of panelNames) {
          for (const kind of ["CSV", "PNG"] as const) {
            const { content, file } = await download(page, name, kind)
            secrets.assertNotIn(`${file} ${content.toString("latin1")}`, `${kind} of ${name}`)
          }
        }
        await page.getByRole("button", { name: "What if" }).click()
        const trials = await page.locator(".drawer li button").allTextContents()
        assert.isAtLeast(trials.length, 8)
        for (const trial of trials.filter((trial) => trial !== "Sign out on another device")) {
          await page.getByRole("button", { name: trial, exact: true }).click()
          await page.getByText(`Done: ${trial}.`).waitFor()
          // Checks the page while the fault is injected.
          await settled(page)
          await assertClean()
          await control(sandbox.control.clearFaults)
          if (trial === "Ask the page to wait") {
            // This trial stops the requests of the loaded page for 90 seconds, so the test loads
            // the page again.
            await page.reload()
            await loaded(page)
            await page.locator(".wire summary").click()
            await page.getByRole("button", { name: "What if" }).click()
          }
        }
        await page.getByRole("button", { name: "Repair everything" }).click()
        await loaded(page)
        // Imitates a server whose error contains the token of the request.
        const body = `No: ${secrets.of("access_token").at(-1)}`
        await control(sandbox.control.inject(Fault.answer({ status: 400, body, times: 100 })))
        await page.getByRole("button", { name: "Earlier" }).click()
        await page.locator(".panel[data-state=Failed]").first().waitFor()
        await settled(page)
        await assertClean()
        await control(sandbox.control.clearFaults)
        await control(sandbox.control.inject(Fault.unauthorized({ times: 100 })))
        await page.getByRole("button", { name: "Later" }).click()
        await page.getByRole("alert").filter({ hasText: "AuthError" }).first().waitFor()
        await settled(page)
        await assertClean()
        await control(sandbox.control.clearFaults)
        await page.getByRole("button", { name: "Sign out on another device" }).click()
        await page.getByText("You have been signed out.").waitFor()
        await assertClean()
        await page.getByRole("button", { name: "Sign out", exact: true }).click()
        await page.getByRole("button", { name: "Sign in" }).waitFor()
        await assertClean()
        // Without secrets to search for, the search would prove nothing.
        for (const kind of kinds) assert.isNotEmpty(secrets.of(kind), kind)
        assert.isAbove(secrets.of("access_token").length, 2)
      }),
    patience
  )
}

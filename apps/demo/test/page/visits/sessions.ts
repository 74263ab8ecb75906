/** Tests of sessions: renewals, several tabs, the end of a session, two people. */
import { assert, type Vitest } from "@effect/vitest"
import type { Page } from "playwright-core"
import { type House, type Visit, visit } from "../Visit.js"
import { loaded, panel, panelNames } from "./reading.js"

/** The number of requests that renewed a person's token. */
const renewals = async ({ control, sandbox }: Visit): Promise<number> =>
  (await control(sandbox.control.requests)).filter(
    ({ kind, api, grantType }) =>
      kind === "token" && api === "login" && grantType === "refresh_token"
  ).length

const later = (page: Page) => page.getByRole("button", { name: "Later" }).click()

const showing = (page: Page, text: string) =>
  page.locator(".panel-hours[data-state=Loaded]", { hasText: text }).waitFor()

export const sessions = (it: Vitest.MethodsNonLive<House>) => {
  it.effect("the page renews a rejected token once, and counts the renewal", () =>
    visit(async (visit) => {
      const { control, page, sandbox, signIn } = visit
      await signIn("?span=2025-04")
      await loaded(page)
      assert.strictEqual(await renewals(visit), 0)
      await control(sandbox.control.expireTokens)
      await later(page)
      await showing(page, "May 2025")
      await loaded(page)
      assert.strictEqual(await renewals(visit), 1)
      await page.locator(".wire summary").click()
      assert.match(await page.locator(".counts").innerText(), /token renewal\s+1\b/)
      assert.isAbove(await page.locator(".wire tbody tr").count(), 5)
    })
  )

  it.effect("two tabs renew a token once", () =>
    visit(async (visit) => {
      const { address, context, control, page, sandbox, signIn } = visit
      await signIn("?span=2025-04")
      const other = await context.newPage()
      await other.goto(`${address}?span=2025-03`)
      await Promise.all([loaded(page), loaded(other)])
      const before = await renewals(visit)
      await control(sandbox.control.expireTokens)
      // The tab with the newest token renews the token, and the other tab then uses the new token.
      await later(other)
      await showing(other, "April 2025")
      await loaded(other)
      await later(page)
      await showing(page, "May 2025")
      await loaded(page)
      assert.strictEqual((await renewals(visit)) - before, 1)
    })
  )

  it.effect(
    "the page keeps its data when the session ends elsewhere, and continues after a sign-in",
    () =>
      visit(async ({ control, page, sandbox, signIn }) => {
        await signIn("?span=2025-04")
        await loaded(page)
        await control(sandbox.control.endSessions())
        await control(sandbox.control.expireTokens)
        await later(page)
        await page.getByText("You have been signed out.").waitFor()
        for (const name of panelNames) {
          assert.include(await panel(page, name).locator(".panel-foot").innerText(), "April 2025")
        }
        await page.getByRole("button", { name: "Sign in again" }).click()
        await page.getByLabel("User name").fill("mara@example.com")
        await page.getByLabel("Password").fill("see-everything")
        await page.getByRole("button", { name: "Sign in" }).click()
        await showing(page, "May 2025")
        assert.strictEqual(new URL(page.url()).searchParams.get("span"), "2025-05")
      })
  )

  it.effect("the page shows the second person one building, and names the one without access", () =>
    visit(async ({ page, signIn }) => {
      await signIn("?building=71", "tenant")
      await page.getByText("You do not have access to building 71.").waitFor()
      await page.getByRole("button", { name: "Berlin Mitte" }).click()
      await loaded(page)
      const buildings = page.getByRole("combobox", { name: "Building" }).locator("option")
      assert.deepStrictEqual(await buildings.allTextContents(), ["Berlin Mitte"])
      await page.getByRole("button", { name: "Sign out" }).click()
      await page.getByRole("button", { name: "Sign in" }).waitFor()
      assert.strictEqual(await page.locator(".panel").count(), 0)
    })
  )

  it.effect("a reload needs no sign-in, and the promise page shows two weeks", () =>
    visit(async ({ address, page, signIn }) => {
      await signIn()
      await loaded(page)
      await page.reload()
      await loaded(page)
      await page.goto(`${address}promise.html`)
      await page.getByText("14 days, the newest first.").waitFor()
      assert.strictEqual(await page.locator("#days tbody tr").count(), 14)
      assert.include(await page.locator("#days").innerText(), "DEMO, America/Chicago")
      assert.include(await page.locator("#days tbody tr").first().innerText(), "29 Jun 2025")
    })
  )
}

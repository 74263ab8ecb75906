/** Tests of the figures, tables and exports. */
import { assert, type Vitest } from "@effect/vitest"
import { partOfVisit, type SharedVisit } from "../Visit.js"
import { download, panel, panelNames, show, sizeOfPng, tableOf } from "./reading.js"

export const figures = (it: Vitest.MethodsNonLive<SharedVisit>) => {
  it.effect(
    "the page shows four figures, each with a number and its base, the zone, span and freshness",
    () =>
      partOfVisit(async ({ page }) => {
        await show(page, "?")
        const headlines = {
          hours: /^Busiest hour: .*, \d+ of 350 seats$/,
          weeks: /^\d+ of \d+ people came on three days or more$/,
          floors: /^Busiest time of each floor/,
          spaces: /: \d+ of \d+ seats$/
        }
        for (const name of panelNames) {
          assert.match(await panel(page, name).locator(".headline").innerText(), headlines[name])
          assert.match(
            await panel(page, name).locator(".panel-foot").innerText(),
            /^DEMO · June 2025 · America\/Chicago · published up to Sun,? 29 Jun 2025/
          )
          const label = await panel(page, name).locator("svg[role=img]").getAttribute("aria-label")
          assert.include(label, "The table has every value.")
        }
        assert.match(
          (await panel(page, "floors").locator("svg text").allTextContents()).join(" "),
          /\d+ of 140 seats, \w{3},? \d+ Jun/
        )
      })
  )

  it.effect("the page sends the documented query and shows its rows", () =>
    partOfVisit(async ({ page, sandbox, control }) => {
      await show(page, "?building=71&span=2024-W01")
      const [, week] = await tableOf(page, "weeks")
      assert.include(week?.[0], "1 Jan 2024")
      const requests = await control(sandbox.control.requests)
      assert.isTrue(
        requests.some(
          ({ api, operationName }) => api === "v1" && operationName === "building_features"
        )
      )
    })
  )

  it.effect("the page shows the hour that clocks skip, and both that they repeat", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?building=71&span=2024-W10")
      assert.include(
        await panel(page, "hours").locator(".panel-foot").innerText(),
        "10 Mar (23 hours)"
      )
      const spring = await tableOf(page, "hours")
      assert.deepStrictEqual(
        [spring[0]?.[3], spring.at(-1)?.[0]?.includes("10 Mar 2024"), spring.at(-1)?.[3]],
        ["02:00", true, "skipped"]
      )
      await show(page, "?building=71&span=2024-W44")
      const autumn = await tableOf(page, "hours")
      assert.match(autumn.at(-1)?.[2] ?? "", / \/ /)
    })
  )

  it.effect("the page distinguishes zero, not yet published and not measured", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?span=2025-06")
      const legend = await panel(page, "hours").locator(".legend").innerText()
      assert.include(legend, "zero")
      assert.include(legend, "not yet published")
      assert.notInclude(legend, "not measured")
      const june = await tableOf(page, "hours")
      assert.deepStrictEqual(new Set(june.at(-1)?.slice(1)), new Set(["not yet published"]))
      assert.strictEqual(june.at(-2)?.[1], "0")
      const floors = await tableOf(page, "floors")
      assert.deepStrictEqual(new Set(floors.at(-1)?.slice(1)), new Set(["not yet published"]))
      // The sandbox has quarter hours only of some weeks, and not of the first week of 2024.
      await show(page, "?span=2024-W01&granularity=PT15M")
      await panel(page, "floors").getByText("There are no values by quarter hour").waitFor()
    })
  )

  it.effect("the page says on how many days a space with a failed sensor was measured", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?span=2025-05")
      assert.include(
        await panel(page, "spaces").innerText(),
        "Meeting Room 2.2: measured on 28 of 31 days"
      )
      const spaces = await tableOf(page, "spaces")
      assert.strictEqual(spaces.length, 13)
      const shares = spaces.slice(1).map((row) => Number.parseInt(row[4] ?? "", 10))
      assert.deepStrictEqual(
        shares,
        shares.toSorted((a, b) => b - a)
      )
    })
  )

  it.effect("the page says why a panel is empty", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?group=smart-2f1c7a52-7a0e-4b57-9c55-6f2f0c7d1a01")
      await panel(page, "spaces").getByText("no rooms for the group Early Birds").waitFor()
      assert.include(await panel(page, "floors").locator(".panel-foot").innerText(), "Early Birds")
      await page.getByRole("radio", { name: "Week" }).check()
      await page.getByRole("button", { name: "Later" }).click()
      await panel(page, "weeks").getByText("This week has not been published yet.").waitFor()
      await panel(page, "hours").getByText("This time has not been published yet.").waitFor()
    })
  )

  it.effect(
    "the page changes the measure without a request, and keeps every choice in the URL",
    () =>
      partOfVisit(async ({ page, sandbox, control }) => {
        await show(page, "?")
        const asked = (await control(sandbox.control.requests)).length
        const peak = await panel(page, "hours").locator(".headline").innerText()
        await page.getByRole("radio", { name: "Average" }).check()
        await page.waitForFunction(
          (before) => document.querySelector(".panel-hours .headline")?.textContent !== before,
          peak
        )
        assert.strictEqual((await control(sandbox.control.requests)).length, asked)
        await page.getByRole("combobox", { name: "Building" }).selectOption("72")
        await page
          .locator(".panel-hours[data-state=Loaded]", { hasText: "Europe/Berlin" })
          .waitFor()
        assert.deepStrictEqual([...new URL(page.url()).searchParams].toSorted(), [
          ["building", "72"],
          ["measure", "OCCUPANCY_MEAN"]
        ])
        await page.goBack()
        await page
          .locator(".panel-hours[data-state=Loaded]", { hasText: "America/Chicago" })
          .waitFor()
      })
  )

  it.effect("the page exports each figure as CSV and PNG", () =>
    partOfVisit(async ({ page }) => {
      await show(page, "?span=2024-W10")
      const csv = await download(page, "hours", "CSV")
      assert.strictEqual(csv.file, "hours-71-all-2024-W10.csv")
      const lines = csv.content.toString("utf8").trimEnd().split("\r\n")
      assert.strictEqual(lines[0], "local_time,start_utc,people,state")
      assert.strictEqual(lines.length, 1 + 7 * 24 - 1)
      assert.match(
        lines[1] ?? "",
        /^2024-03-04T00:00:00.000-06:00\[America\/Chicago\],2024-03-04T06:00:00.000Z,0,Zero$/
      )
      for (const name of panelNames) {
        const png = await download(page, name, "PNG")
        assert.strictEqual(png.file, `${name}-71-all-2024-W10.png`)
        const [width, height] = sizeOfPng(png.content)
        assert.isAbove(width, 600)
        assert.isAbove(height, 400)
      }
    })
  )
}

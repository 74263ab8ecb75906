import { assert, layer } from "@effect/vitest"
import { Fault } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import type { Page } from "playwright-core"
import {
  beginQuery,
  counts,
  freshPage,
  freshSandbox,
  inPage,
  placeOf,
  query,
  TestLive
} from "./support/browser.js"

/**
 * Navigates to another page. The browser keeps the page that it leaves in its back-forward cache.
 */
const leave = (page: Page): Effect.Effect<void> =>
  Effect.promise(async () => {
    await page.evaluate(() => {
      addEventListener("pageshow", ({ persisted }) => app.kept.set("wasKept", persisted))
    })
    await page.goto(new URL("/elsewhere", page.url()).href)
  })

/** Goes back like the browser's own button, so the page continues where it was. */
const comeBack = (page: Page): Effect.Effect<void> =>
  Effect.promise(async () => {
    // Playwright's goBack waits for a load event, which a page from the cache does not fire.
    await page.evaluate(() => history.back())
    await page.waitForURL((url) => url.pathname === "/", { waitUntil: "commit" })
    assert.isTrue(await page.evaluate(() => app.kept.get("wasKept")))
  })

layer(TestLive, { excludeTestServices: true, timeout: "2 minutes" })(
  "a page that is left, and comes back from the back-forward cache",
  (it) => {
    it.scoped("leaving a page aborts its calls, and coming back retries them", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        yield* sandbox.control.inject(Fault.stallBody({ target: "graphql" }))
        const page = yield* freshPage
        const aborted = yield* Effect.fork(Effect.promise(() => page.waitForEvent("requestfailed")))
        yield* beginQuery(page, placeOf(sandbox))
        yield* sandbox.control.awaitRequests(2)
        yield* leave(page)
        assert.match((yield* aborted).failure()?.errorText ?? "", /ABORTED/)
        assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 1 })
        yield* comeBack(page)
        const outcome = yield* inPage(page, () => app.kept.get("outcome"), undefined)
        assert.deepStrictEqual(outcome, { rows: 1 })
        assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 2 })
      })
    )

    it.scoped("a page that comes back renews an old token before any call", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        yield* sandbox.control.setLifetimes({ token: "1 hour" })
        const page = yield* freshPage
        yield* inPage(
          page,
          () => {
            const { now } = Date
            let away = 0
            Date.now = () => now() + away
            addEventListener("pageshow", () => {
              away = 2 * 3_600_000
            })
          },
          undefined
        )
        assert.deepStrictEqual(yield* query(page, placeOf(sandbox)), { rows: 1 })
        yield* leave(page)
        yield* sandbox.control.advance("2 hours")
        assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 1 })
        yield* comeBack(page)
        yield* sandbox.control.awaitRequests(3)
        assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 1 })
      })
    )

    it.scoped("a page that comes back shares renewals with other tabs again", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const page = yield* freshPage
        const place = placeOf(sandbox)
        assert.deepStrictEqual(yield* query(page, place), { rows: 1 })
        const other = yield* Effect.promise(async () => {
          const other = await page.context().newPage()
          await other.goto(page.url())
          await other.waitForFunction(() => globalThis.app !== undefined)
          return other
        })
        assert.deepStrictEqual(yield* query(other, place), { rows: 1 })
        yield* leave(page)
        yield* comeBack(page)
        yield* sandbox.control.expireTokens
        assert.deepStrictEqual(yield* query(page, place), { rows: 1 })
        assert.deepStrictEqual(yield* query(other, place), { rows: 1 })
        assert.strictEqual((yield* counts(sandbox)).token, 3)
      })
    )
  }
)

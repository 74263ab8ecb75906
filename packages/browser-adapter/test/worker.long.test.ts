import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Page, Worker } from "playwright-core"
import { counts, freshPage, freshSandbox, inPage, placeOf, TestLive } from "./support/browser.js"

/** A worker that runs the page's script. */
const startWorker = (page: Page): Effect.Effect<Worker> =>
  Effect.promise(async () => {
    const [worker] = await Promise.all([
      page.waitForEvent("worker"),
      page.evaluate(() => {
        app.kept.set("worker", new Worker("/app.js", { type: "module" }))
      })
    ])
    // The script may still be loading.
    await worker.evaluate(
      () =>
        new Promise((resolve) => {
          const look = () => (globalThis.app === undefined ? setTimeout(look) : resolve(undefined))
          look()
        })
    )
    return worker
  })

layer(TestLive, { excludeTestServices: true, timeout: "2 minutes" })("a worker", (it) => {
  it.scoped(
    "a worker sends queries without a document or storage, and renews together with its page",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const page = yield* freshPage
        const worker = yield* startWorker(page)
        const globals = yield* Effect.promise(() =>
          worker.evaluate(() => [
            typeof document,
            typeof localStorage,
            typeof navigator.locks,
            typeof BroadcastChannel
          ])
        )
        assert.deepStrictEqual(globals, ["undefined", "undefined", "object", "function"])
        const query = (place: ReturnType<typeof placeOf>) => {
          app.metrics ??= app.client(
            place,
            app.BrowserTokenProvider.fromCallback(() => app.issueToken(place))
          )
          return app.outcome(app.metrics.query(app.query))
        }
        const inWorker = Effect.promise(() => worker.evaluate(query, placeOf(sandbox)))
        assert.deepStrictEqual(yield* inWorker, { rows: 1 })
        assert.deepStrictEqual(yield* inPage(page, query, placeOf(sandbox)), { rows: 1 })
        assert.strictEqual((yield* counts(sandbox)).token, 2)
        yield* sandbox.control.expireTokens
        assert.deepStrictEqual(yield* inPage(page, query, placeOf(sandbox)), { rows: 1 })
        assert.deepStrictEqual(yield* inWorker, { rows: 1 })
        assert.strictEqual((yield* counts(sandbox)).token, 3)
      })
  )
})

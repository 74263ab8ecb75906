import { assert, layer } from "@effect/vitest"
import type { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import type { Page } from "playwright-core"
import type { Place } from "./page/app.js"
import {
  counts,
  freshSandbox,
  inPage,
  openContext,
  openPage,
  placeOf,
  query,
  TestLive
} from "./support/browser.js"

/** Opens two tabs. Each tab has requested its own token. */
const twoTabs = (sandbox: Sandbox.Service, prepare: () => void = () => {}) =>
  Effect.gen(function* () {
    const context = yield* openContext
    yield* Effect.promise(() => context.addInitScript(prepare))
    const tabs = [yield* openPage(context), yield* openPage(context)] as const
    const place = placeOf(sandbox)
    for (const tab of tabs) assert.deepStrictEqual(yield* query(tab, place), { rows: 1 })
    assert.strictEqual((yield* counts(sandbox)).token, 2)
    return { tabs, place }
  })

layer(TestLive, { excludeTestServices: true, timeout: "2 minutes" })("tabs", (it) => {
  it.scoped("two tabs whose tokens are rejected at the same time renew once", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { place, tabs } = yield* twoTabs(sandbox)
      yield* sandbox.control.expireTokens
      const outcomes = yield* Effect.all(
        tabs.map((tab) => query(tab, place)),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(outcomes, [{ rows: 1 }, { rows: 1 }])
      assert.strictEqual((yield* counts(sandbox)).token, 3)
    })
  )

  for (const missing of ["nothing", "locks", "channels", "both"] as const) {
    it.scoped(
      `with ${missing} missing, tabs that renew in turn make the fewest token requests possible`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* freshSandbox
          const { place, tabs } = yield* twoTabs(
            sandbox,
            {
              nothing: () => {},
              locks: () => Object.defineProperty(navigator, "locks", { value: undefined }),
              channels: () => Reflect.deleteProperty(globalThis, "BroadcastChannel"),
              both: () => {
                Object.defineProperty(navigator, "locks", { value: undefined })
                Reflect.deleteProperty(globalThis, "BroadcastChannel")
              }
            }[missing]
          )
          yield* sandbox.control.expireTokens
          for (const tab of tabs) assert.deepStrictEqual(yield* query(tab, place), { rows: 1 })
          const isShared = missing === "nothing" || missing === "locks"
          assert.strictEqual((yield* counts(sandbox)).token, isShared ? 3 : 4)
        })
    )
  }

  it.scoped("a tab that hangs while holding the lock delays others by 3 seconds", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { place, tabs } = yield* twoTabs(sandbox)
      const [first, other] = tabs
      yield* Effect.promise(async () => {
        await other.clock.install()
        await other.clock.pauseAt(await other.evaluate(() => Date.now() + 60_000))
      })
      // Whenever the code of this tab requests the lock, this function has just acquired the lock,
      // and never releases it.
      yield* inPage(
        other,
        () => {
          const request = navigator.locks.request.bind(navigator.locks)
          Object.defineProperty(navigator.locks, "request", {
            value: async (name: string, ...rest: ReadonlyArray<unknown>) => {
              await new Promise((resolve) => {
                void request(name, () => new Promise(() => resolve(undefined)))
              })
              return Reflect.apply(request, undefined, [name, ...rest])
            }
          })
        },
        undefined
      )
      // The number of requests that wait for the lock, if another request holds it.
      const waiting = Effect.promise(() =>
        first.evaluate(async () => {
          const { held, pending } = await navigator.locks.query()
          return held?.length === 1 ? pending?.length : undefined
        })
      )
      // The test waits in this process, because the clock of the tabs is stopped.
      const waitingBecomes = (count: number) =>
        Effect.repeat(waiting, { until: (found) => found === count })
      yield* sandbox.control.expireTokens
      const outcome = yield* Effect.fork(query(other, place))
      yield* waitingBecomes(1)
      yield* Effect.promise(() => other.clock.fastForward(2_999))
      assert.strictEqual(yield* waiting, 1)
      assert.strictEqual((yield* counts(sandbox)).token, 2)
      yield* Effect.promise(() => other.clock.fastForward(1))
      yield* waitingBecomes(0)
      yield* Effect.promise(() => other.clock.resume())
      assert.deepStrictEqual(yield* outcome, { rows: 1 })
      assert.strictEqual((yield* counts(sandbox)).token, 3)
    })
  )

  /**
   * Sends a query in a tab with tokens that name a person. Returns how many tokens the tab has
   * requested.
   */
  const asPerson = (page: Page, place: Place, claims: object, options: object = {}) =>
    inPage(
      page,
      async ([place, claims, options]) => {
        app.kept.set("number", 0)
        app.metrics = app.client(
          place,
          app.BrowserTokenProvider.fromCallback(async () => {
            const number = Number(app.kept.get("number")) + 1
            app.kept.set("number", number)
            const now = Math.floor(Date.now() / 1000)
            return app.jwt({ ...claims, jti: Math.random(), iat: now, exp: now + 3600 })
          }, options)
        )
        await app.outcome(app.metrics.query(app.query))
        return app.kept.get("number")
      },
      [place, claims, options] as const
    )

  const people: ReadonlyArray<readonly [what: string, other: object, isSame: boolean]> = [
    ["the same person", { permissions: { building: 71 }, aud: ["a"], sub: "mara" }, true],
    ["another person", { sub: "tom", aud: ["a"], permissions: { building: 71 } }, false],
    ["another audience", { sub: "mara", aud: ["b"], permissions: { building: 71 } }, false],
    ["other permissions", { sub: "mara", aud: ["a"], permissions: { building: 72 } }, false]
  ]
  for (const [what, claims, isSame] of people) {
    it.scoped(`a tab ${isSame ? "adopts" : "never adopts"} a token of ${what}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const context = yield* openContext
        const place = placeOf(sandbox)
        const [first, second] = [yield* openPage(context), yield* openPage(context)]
        yield* Effect.promise(() => second.clock.install())
        const mara = { sub: "mara", aud: ["a"], permissions: { building: 71 } }
        // These tokens are unsigned, so the API rejects them. Each call therefore requests two
        // tokens: one before the call, and one after the rejection.
        assert.strictEqual(yield* asPerson(first, place, mara, { tabs: false }), 2)
        assert.strictEqual(yield* asPerson(first, place, mara), 2)
        const own = yield* asPerson(second, place, claims)
        // The last token of the first tab was rejected too, so the first tab has no token to share.
        assert.strictEqual(own, 2)
        yield* inPage(
          first,
          (name) => {
            const channel = new BroadcastChannel(name)
            channel.onmessage = ({ data }) => {
              if (data.type !== "ask") return
              app.asked.push(data)
              const now = Math.floor(Date.now() / 1000)
              channel.postMessage({
                type: "token",
                id: data.id,
                token: app.jwt({
                  sub: "mara",
                  aud: ["a"],
                  permissions: { building: 71 },
                  jti: "shared",
                  exp: now + 7200
                }),
                obtainedAt: Date.now() + 60_000
              })
            }
          },
          // The name of the channel contains the claims of the second tab's tokens.
          `@innerspace-metrics ${place.api}/ ${JSON.stringify(Object.entries(claims).sort(([a], [b]) => (a < b ? -1 : 1)))}`
        )
        // After a second rejection, the tab requests no token for some seconds.
        yield* Effect.promise(() => second.clock.fastForward("00:06"))
        // While the clock is stopped, the tab waits for the token of the other tab without a time
        // limit.
        if (isSame) yield* Effect.promise(() => second.clock.pauseAt(Date.now() + 10_000))
        const { graphql } = yield* counts(sandbox)
        const asked = yield* inPage(
          second,
          async () => {
            await (app.metrics && app.outcome(app.metrics.query(app.query)))
            return app.kept.get("number")
          },
          undefined
        )
        // The API also rejects the token of the other tab, so the tab then requests its own token.
        // A tab that does not use the token of the other tab requests its own token at once.
        assert.deepStrictEqual(
          [asked, (yield* counts(sandbox)).graphql - graphql],
          [3, isSame ? 2 : 1]
        )
        assert.isNotEmpty(yield* inPage(first, () => app.asked, undefined))
      })
    )
  }
})

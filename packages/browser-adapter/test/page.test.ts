import { assert, layer } from "@effect/vitest"
import { Fault } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import {
  beginQuery,
  counts,
  freshPage,
  freshSandbox,
  inPage,
  openContext,
  openPage,
  placeOf,
  query,
  remote,
  serveRemote,
  TestLive,
  takeOffline
} from "./support/browser.js"

layer(TestLive, { excludeTestServices: true, timeout: "2 minutes" })(
  "the page and its network",
  (it) => {
    it.scoped("an offline call is sent once, and continues when the network is back", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const context = yield* openContext
        yield* serveRemote(context, sandbox)
        const page = yield* openPage(context)
        const place = { ...placeOf(sandbox), api: remote, tokens: remote }
        const bringBack = yield* takeOffline(context)
        yield* inPage(
          page,
          async (place) => {
            const client = app.client(
              place,
              app.BrowserTokenProvider.fromCallback(() => app.issueToken(place)),
              { retry: app.RetryPolicy.none }
            )
            app.kept.set("outcome", app.outcome(client.query(app.query)))
            // After 50 turns of the event loop, the call has done everything that does not need the
            // network.
            for (let turn = 0; turn < 50; turn++)
              await new Promise((resolve) => setTimeout(resolve))
          },
          place
        )
        assert.deepStrictEqual(yield* counts(sandbox), { token: 0, graphql: 0 })
        yield* bringBack
        const outcome = yield* inPage(page, () => app.kept.get("outcome"), undefined)
        assert.deepStrictEqual(outcome, { rows: 1 })
        assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 1 })
      })
    )

    it.scoped(
      "a request that goes offline after the token waits for the network within one attempt",
      () =>
        Effect.gen(function* () {
          const sandbox = yield* freshSandbox
          const context = yield* openContext
          yield* serveRemote(context, sandbox)
          const page = yield* openPage(context)
          const token = yield* inPage(page, issueToken, placeOf(sandbox))
          const bringBack = yield* takeOffline(context)
          const failed = yield* Effect.fork(
            Effect.promise(() => page.waitForEvent("requestfailed"))
          )
          yield* Effect.yieldNow()
          yield* inPage(
            page,
            ([api, token]) => {
              const client = app.client(
                { api },
                app.BrowserTokenProvider.fromCallback(async () => token),
                { retry: app.RetryPolicy.none }
              )
              app.kept.set("outcome", app.outcome(client.query(app.query)))
            },
            [remote, token] as const
          )
          yield* failed
          yield* bringBack
          const outcome = yield* inPage(page, () => app.kept.get("outcome"), undefined)
          assert.deepStrictEqual(outcome, { rows: 1 })
        })
    )

    it.scoped("a browser that wrongly says it is offline does not delay a call", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const context = yield* openContext
        yield* serveRemote(context, sandbox)
        const page = yield* openPage(context)
        yield* inPage(
          page,
          () => Object.defineProperty(navigator, "onLine", { value: false }),
          undefined
        ).pipe(Effect.asVoid)
        const place = { ...placeOf(sandbox), api: remote, tokens: remote }
        assert.deepStrictEqual(yield* query(page, place), { rows: 1 })
      })
    )

    it.scoped("an offline call ends at its deadline", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const context = yield* openContext
        const page = yield* openPage(context)
        yield* Effect.promise(() => page.clock.install())
        yield* Effect.promise(() => context.setOffline(true))
        yield* beginQuery(page, { ...placeOf(sandbox), api: remote })
        yield* Effect.promise(() => page.clock.fastForward("01:01"))
        const outcome = yield* inPage(
          page,
          async () => {
            const { attempts, reason } = Object(await app.kept.get("outcome"))
            return { attempts, reason }
          },
          undefined
        )
        assert.deepStrictEqual(outcome, { attempts: 0, reason: "DeadlineExceeded" })
      })
    )

    it.scoped("a tab that is shown again renews an old token", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        yield* sandbox.control.setLifetimes({ token: "1 hour" })
        const page = yield* freshPage
        yield* Effect.promise(() => page.clock.install())
        yield* inPage(
          page,
          async (place) => {
            app.metrics = app.client(
              place,
              app.BrowserTokenProvider.fromCallback(() => app.issueToken(place))
            )
            await app.metrics.query(app.query)
            Object.defineProperty(document, "visibilityState", {
              configurable: true,
              value: "hidden"
            })
            document.dispatchEvent(new Event("visibilitychange"))
          },
          placeOf(sandbox)
        )
        yield* sandbox.control.advance("2 hours")
        yield* Effect.promise(() => page.clock.fastForward("02:00:00"))
        assert.strictEqual((yield* counts(sandbox)).token, 1)
        yield* inPage(
          page,
          () => {
            Reflect.deleteProperty(document, "visibilityState")
            document.dispatchEvent(new Event("visibilitychange"))
          },
          undefined
        )
        yield* sandbox.control.awaitRequests(3)
        assert.deepStrictEqual(yield* counts(sandbox), { token: 2, graphql: 1 })
      })
    )

    it.scoped("closing the client removes its listeners, and later calls are rejected", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const page = yield* freshPage
        const { after, during, outcome } = yield* inPage(
          page,
          async (place) => {
            const listeners = new Map<string, number>()
            for (const target of [EventTarget.prototype]) {
              const { addEventListener, removeEventListener } = target
              const count = (self: unknown, type: string, change: number) => {
                if (self !== undefined && self !== globalThis && self !== document) return
                listeners.set(type, (listeners.get(type) ?? 0) + change)
              }
              target.addEventListener = function (...parameters) {
                count(this, parameters[0], 1)
                return Reflect.apply(addEventListener, this, parameters)
              }
              target.removeEventListener = function (...parameters) {
                count(this, parameters[0], -1)
                return Reflect.apply(removeEventListener, this, parameters)
              }
            }
            const client = app.client(
              place,
              app.BrowserTokenProvider.fromCallback(() => app.issueToken(place))
            )
            await client.query(app.query)
            const during = Object.fromEntries(listeners)
            await client.close()
            const { reason } = await app.outcome(client.query(app.query))
            return { during, after: [...new Set(listeners.values())], outcome: reason }
          },
          placeOf(sandbox)
        )
        assert.includeMembers(Object.keys(during), [
          "online",
          "offline",
          "pagehide",
          "visibilitychange"
        ])
        assert.deepStrictEqual([after, outcome], [[0], "Closed"])
      })
    )

    it.scoped("the error names an origin that the API does not allow, with likely causes", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const page = yield* freshPage
        const token = yield* inPage(page, issueToken, placeOf(sandbox))
        yield* sandbox.control.inject(Fault.withoutCors({ target: "graphql", times: 10 }))
        const outcome = yield* inPage(
          page,
          ([place, token]) =>
            app.outcome(
              app
                .client(
                  place,
                  app.BrowserTokenProvider.fromCallback(async () => token),
                  { retry: app.RetryPolicy.none }
                )
                .query(app.query)
            ),
          [placeOf(sandbox), token] as const
        )
        assert.strictEqual(`${outcome.tag} ${outcome.reason}`, "TransportError Unreachable")
        const origin = new URL(page.url()).origin
        assert.include(outcome.problem, `the page's own origin ${origin}`)
        assert.match(outcome.hint ?? "", /\(CORS\).*content security policy/)
        assert.notInclude(outcome.printed, token)
      })
    )

    for (const [header, fault] of [
      ["Retry-After", Fault.rateLimited({ retryAfter: 90 })],
      ["x-ratelimit-reset", Fault.rateLimited({ rateLimitReset: 90 })]
    ] as const) {
      it.scoped(`a page of another origin reads ${header}`, () =>
        Effect.gen(function* () {
          const sandbox = yield* freshSandbox
          yield* sandbox.control.inject(fault)
          const outcome = yield* query(yield* freshPage, placeOf(sandbox))
          assert.deepStrictEqual([outcome.reason, outcome.retryAfter], ["RateLimited", 90_000])
        })
      )
    }

    /** Loads a page over https, and returns the outcome of its request to an API over http. */
    const fromHttps = (api: string) =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const context = yield* openContext
        const source = yield* freshPage
        const html = yield* Effect.promise(() => source.content())
        const script = yield* Effect.promise(async () =>
          (await source.request.get(new URL("/app.js", source.url()).href)).text()
        )
        yield* Effect.promise(() =>
          context.route("https://page.example/**", (route) =>
            route.request().url().endsWith(".js")
              ? route.fulfill({ contentType: "text/javascript", body: script })
              : route.fulfill({ contentType: "text/html", body: html })
          )
        )
        const page = yield* Effect.promise(() => context.newPage())
        yield* Effect.promise(() => page.goto("https://page.example/"))
        yield* Effect.promise(() => page.waitForFunction(() => globalThis.app !== undefined))
        const asked: Array<string> = []
        page.on("request", (request) => asked.push(request.url()))
        const ask = (api: string) =>
          inPage(
            page,
            (api) =>
              app.outcome(
                app
                  .client(
                    { api },
                    app.BrowserTokenProvider.fromCallback(async () => app.jwt({ sub: "somebody" })),
                    { retry: app.RetryPolicy.none }
                  )
                  .query(app.query)
              ),
            api
          )
        return { asked, outcome: yield* ask(api === "" ? sandbox.urls.v1 : api), page }
      })

    it.scoped(
      "the error of an https page that requests loopback over http names mixed content",
      () =>
        Effect.gen(function* () {
          const { outcome } = yield* fromHttps("")
          assert.strictEqual(outcome.reason, "Unreachable")
          assert.match(outcome.hint ?? "", /mixed content.*\(CORS\)/)
        })
    )

    it.scoped("http to another machine is rejected before the browser would block it", () =>
      Effect.gen(function* () {
        const api = "http://metrics.example.test"
        const { asked, outcome, page } = yield* fromHttps(api)
        assert.strictEqual(`${outcome.tag} ${outcome.reason}`, "ConfigurationError InsecureBaseUrl")
        assert.match(outcome.hint ?? "", /Use https/)
        assert.deepStrictEqual(asked, [])
        // Without the check, the browser would block the request as mixed content, before a packet
        // leaves the machine.
        const warning = page.waitForEvent("console", (message) =>
          message.text().includes("Mixed Content")
        )
        const blocked = yield* inPage(page, (api) => fetch(api).catch(String), api)
        assert.strictEqual(blocked, "TypeError: Failed to fetch")
        assert.include((yield* Effect.promise(() => warning)).text(), api)
      })
    )

    it.scoped("a redirect is not followed, and the token is not sent along", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const page = yield* freshPage
        const elsewhere: Array<string> = []
        yield* Effect.promise(() =>
          page.route("http://elsewhere.localhost/**", (route) => {
            elsewhere.push(route.request().url())
            return route.fulfill({ body: "{}" })
          })
        )
        const token = yield* inPage(page, issueToken, placeOf(sandbox))
        yield* sandbox.control.inject(
          Fault.answer({
            status: 307,
            headers: { location: "http://elsewhere.localhost/" },
            body: "",
            target: "graphql"
          })
        )
        const outcome = yield* inPage(
          page,
          ([place, token]) =>
            app.outcome(
              app
                .client(
                  place,
                  app.BrowserTokenProvider.fromCallback(async () => token)
                )
                .query(app.query)
            ),
          [placeOf(sandbox), token] as const
        )
        assert.strictEqual(`${outcome.tag} ${outcome.reason}`, "ResponseError Redirected")
        assert.deepStrictEqual(elsewhere, [])
        assert.strictEqual((yield* counts(sandbox)).graphql, 1)
      })
    )

    it.scoped("an AbortSignal ends a call and its request", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        yield* sandbox.control.inject(Fault.stallBody())
        const page = yield* freshPage
        const aborted = yield* Effect.fork(Effect.promise(() => page.waitForEvent("requestfailed")))
        yield* inPage(
          page,
          (place) => {
            const controller = new AbortController()
            app.kept.set("controller", controller)
            const client = app.client(
              place,
              app.BrowserTokenProvider.fromCallback(() => app.issueToken(place))
            )
            app.kept.set(
              "outcome",
              app.outcome(client.query(app.query, { signal: controller.signal }))
            )
          },
          placeOf(sandbox)
        )
        yield* sandbox.control.awaitRequests(2)
        const outcome = yield* inPage(
          page,
          () => {
            const controller = app.kept.get("controller")
            if (controller instanceof AbortController) controller.abort("no longer needed")
            return app.kept.get("outcome")
          },
          undefined
        )
        assert.deepStrictEqual(outcome, { tag: "Unknown", problem: "no longer needed" })
        assert.match((yield* aborted).failure()?.errorText ?? "", /ABORTED/)
      })
    )

    it.scoped("a body beyond the limit is not read to its end, and a cut body is an error", () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const page = yield* freshPage
        const call = inPage(
          page,
          async (place) => {
            const { reason, tag } = await app.outcome(
              app
                .client(
                  place,
                  app.BrowserTokenProvider.fromCallback(() => app.issueToken(place)),
                  { retry: app.RetryPolicy.none, maxBodySize: 100_000 }
                )
                .query(app.query)
            )
            return `${tag} ${reason}`
          },
          placeOf(sandbox)
        )
        yield* sandbox.control.inject(Fault.hugeBody({ bytes: 1_000_000 }))
        assert.strictEqual(yield* call, "ResponseError TooLarge")
        yield* sandbox.control.inject(Fault.cutBody())
        assert.strictEqual(yield* call, "TransportError ConnectionLost")
      })
    )
  }
)

const issueToken = (place: Parameters<typeof app.issueToken>[0]) => app.issueToken(place)

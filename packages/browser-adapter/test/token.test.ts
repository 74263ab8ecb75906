import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import {
  counts,
  freshPage,
  freshSandbox,
  inPage,
  placeOf,
  query,
  TestLive
} from "./support/browser.js"

layer(TestLive, { excludeTestServices: true, timeout: "2 minutes" })("sources of tokens", (it) => {
  it.scoped("a callback is called once for all calls, and again after a rejection", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const page = yield* freshPage
      const first = yield* inPage(
        page,
        async (place) => {
          app.metrics = app.client(
            place,
            app.BrowserTokenProvider.fromCallback(async (request) => {
              app.asked.push(request.isRefused)
              return app.issueToken(place)
            })
          )
          const { metrics } = app
          return Promise.all(
            Array.from({ length: 20 }, () => app.outcome(metrics.query(app.query)))
          )
        },
        placeOf(sandbox)
      )
      assert.isTrue(first.every(({ rows }) => rows === 1))
      yield* sandbox.control.expireTokens
      const [second, asked] = yield* inPage(
        page,
        async () =>
          [app.metrics && (await app.outcome(app.metrics.query(app.query))), app.asked] as const,
        undefined
      )
      assert.deepStrictEqual(second, { rows: 1 })
      assert.deepStrictEqual(asked, [false, true])
    })
  )

  it.scoped("a callback may return an effect with a redacted token", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const page = yield* freshPage
      const outcome = yield* inPage(
        page,
        (place) => {
          const { BrowserTokenProvider, Effect, Redacted } = app
          const callback = () =>
            Effect.map(
              Effect.promise(() => app.issueToken(place)),
              Redacted.make
            )
          return app.outcome(
            app.client(place, BrowserTokenProvider.fromCallback(callback)).query(app.query)
          )
        },
        placeOf(sandbox)
      )
      assert.deepStrictEqual(outcome, { rows: 1 })
    })
  )

  it.scoped("the expiry of a token is read from the JWT", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      yield* sandbox.control.setLifetimes({ token: "1 hour" })
      const page = yield* freshPage
      yield* Effect.promise(() => page.clock.install())
      const call = query(page, placeOf(sandbox))
      const pass = (minutes: number) =>
        Effect.zipRight(
          sandbox.control.advance(minutes * 60_000),
          Effect.promise(() => page.clock.fastForward(minutes * 60_000))
        )
      assert.deepStrictEqual(yield* call, { rows: 1 })
      yield* pass(57)
      assert.deepStrictEqual(yield* call, { rows: 1 })
      assert.strictEqual((yield* counts(sandbox)).token, 1)
      yield* pass(2.75)
      assert.deepStrictEqual(yield* call, { rows: 1 })
      assert.strictEqual((yield* counts(sandbox)).token, 2)
    })
  )

  it.scoped("Auth0's client is called once with cacheMode off after a rejection", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const page = yield* freshPage
      yield* inPage(
        page,
        async (place) => {
          let cached = await app.issueToken(place)
          const auth0 = {
            getTokenSilently: async (options?: { readonly cacheMode?: "off" }) => {
              app.asked.push(options ?? null)
              if (options?.cacheMode === "off") cached = await app.issueToken(place)
              return cached
            }
          }
          app.metrics = app.client(
            place,
            app.BrowserTokenProvider.fromAuth0(auth0, {
              authorizationParams: { audience: "https://metrics.example" }
            })
          )
          await app.metrics.query(app.query)
        },
        placeOf(sandbox)
      )
      yield* sandbox.control.expireTokens
      const { outcomes, asked } = yield* inPage(
        page,
        async () => {
          const query = () => app.metrics && app.outcome(app.metrics.query(app.query))
          const outcomes = await Promise.all([query(), query(), query()])
          return { outcomes: [...outcomes, await query()], asked: app.asked }
        },
        undefined
      )
      assert.deepStrictEqual(
        outcomes.map((outcome) => outcome?.rows),
        [1, 1, 1, 1]
      )
      const authorizationParams = { audience: "https://metrics.example" }
      assert.deepStrictEqual(asked, [
        { authorizationParams },
        { cacheMode: "off", authorizationParams }
      ])
    })
  )

  /** Errors of Auth0's client, and the reason of the `AuthError` for each. */
  const refusals: ReadonlyArray<readonly [rejection: object, reason: string]> = [
    [{ error: "login_required", error_description: "Login required" }, "SignInRequired"],
    [{ error: "interaction_required" }, "SignInRequired"],
    [{ error: "mfa_required", mfa_token: "secret-of-mfa" }, "SignInRequired"],
    [{ error: "missing_refresh_token", message: "Missing Refresh Token" }, "SignInRequired"],
    [{ error: "invalid_grant", error_description: "reused" }, "SignInRequired"],
    [{ error: "consent_required" }, "ConsentRequired"],
    [{ error: "timeout", error_description: "Timeout" }, "Timeout"],
    [{ error: "request_error" }, "Unavailable"],
    [{ error: "too_many_requests" }, "RateLimited"],
    [{ error: "missing_scopes" }, "InvalidAnswer"],
    [{ error: "use_dpop_nonce" }, "InvalidAnswer"],
    [{ error: "state_mismatch" }, "InvalidAnswer"],
    [{ error: "access_denied" }, "CredentialsRefused"],
    [{ error: "constructor" }, "InvalidAnswer"],
    [
      { error: "login_required", error_description: "Cross-Origin Isolated: no iframe" },
      "InvalidAnswer"
    ],
    [{ message: "Timeout when executing 'fetch'" }, "Unavailable"]
  ]
  it.scoped("each error of a sign-in becomes a typed error with a next step", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const page = yield* freshPage
      const outcomes = yield* inPage(
        page,
        ([place, rejections]) =>
          Promise.all(
            rejections.map((rejection) =>
              app.outcome(
                app
                  .client(
                    place,
                    app.BrowserTokenProvider.fromAuth0(
                      { getTokenSilently: () => Promise.reject(rejection) },
                      { retry: app.RetryPolicy.none }
                    )
                  )
                  .query(app.query)
              )
            )
          ),
        [placeOf(sandbox), refusals.map(([rejection]) => rejection)] as const
      )
      assert.deepStrictEqual(
        outcomes.map(({ tag, reason }) => [tag, reason]),
        refusals.map(([, reason]) => ["AuthError", reason])
      )
      for (const { printed } of outcomes) assert.notInclude(printed, "secret-of-mfa")
      assert.deepStrictEqual(yield* counts(sandbox), { token: 0, graphql: 0 })
    })
  )

  it.scoped("no token, a network error and an error of the callback become typed errors", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const page = yield* freshPage
      const reasons = yield* inPage(
        page,
        (place) => {
          const { BrowserTokenProvider, Effect, MetricsError } = app
          const own = new MetricsError.AuthError({
            reason: "RateLimited",
            problem: "Ours",
            hint: "Wait"
          })
          const callbacks: ReadonlyArray<() => Promise<string | undefined>> = [
            async () => undefined,
            async () => "",
            () => fetch("http://localhost:1/").then(() => "never"),
            () => {
              throw new Error("thrown at once")
            }
          ]
          const sources = [
            ...callbacks.map((callback) =>
              BrowserTokenProvider.fromCallback(callback, { retry: app.RetryPolicy.none })
            ),
            BrowserTokenProvider.fromCallback(() => Effect.fail(own), {
              retry: app.RetryPolicy.none
            })
          ]
          return Promise.all(
            sources.map(async (source) => {
              const { problem, reason } = await app.outcome(
                app.client(place, source).query(app.query)
              )
              return `${reason}: ${problem}`
            })
          )
        },
        placeOf(sandbox)
      )
      assert.deepStrictEqual(reasons, [
        "SignInRequired: The sign-in returned no access token: nobody is signed in",
        "SignInRequired: The sign-in returned no access token: nobody is signed in",
        "Unreachable: The sign-in returned no access token: Failed to fetch",
        "Unavailable: The sign-in returned no access token: thrown at once",
        "RateLimited: Ours"
      ])
    })
  )

  it.scoped("calls use the token in a store, and wait for another one if it is not usable", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const page = yield* freshPage
      const [before, during] = yield* inPage(
        page,
        async (place) => {
          let token: string | undefined
          const listeners = new Set<() => void>()
          const set = (value: string | undefined) => {
            token = value
            for (const listener of [...listeners]) listener()
          }
          app.kept.set("set", set)
          app.kept.set("listeners", listeners)
          app.metrics = app.client(
            place,
            app.BrowserTokenProvider.fromSubscribable({
              get: () => token,
              subscribe: (listener) => {
                listeners.add(listener)
                return () => listeners.delete(listener)
              }
            })
          )
          const waiting = app.outcome(app.metrics.query(app.query))
          set(app.jwt({ exp: 1 }))
          set(await app.issueToken(place))
          return [await waiting, listeners.size] as const
        },
        placeOf(sandbox)
      )
      assert.deepStrictEqual([before, during], [{ rows: 1 }, 0])
      yield* sandbox.control.expireTokens
      const after = yield* inPage(
        page,
        async (place) => {
          const { metrics } = app
          const set = app.kept.get("set")
          if (metrics === undefined || typeof set !== "function") return undefined
          const waiting = app.outcome(metrics.query(app.query))
          await new Promise((resolve) => setTimeout(resolve, 0))
          set(await app.issueToken(place))
          return waiting
        },
        placeOf(sandbox)
      )
      assert.deepStrictEqual(after, { rows: 1 })
    })
  )

  it.scoped("a static token is used, and one that is invalid in a header is rejected", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const page = yield* freshPage
      const outcomes = yield* inPage(
        page,
        async (place) => {
          const { BrowserTokenProvider, Effect, Layer, MetricsClient, Redacted } = app
          const api = app.Api.withBaseUrl(app.Api.v1, place.api)
          const query = (token: string) => {
            const tokens = BrowserTokenProvider.layerStatic(Redacted.make(token), api)
            const client = MetricsClient.layer({ api }).pipe(
              Layer.provide(
                Layer.mergeAll(tokens, app.QueryBuilder.layer, app.FetchHttpClient.layer)
              )
            )
            return Effect.flatMap(MetricsClient.MetricsClient, (metrics) =>
              metrics.query(app.query)
            ).pipe(
              Effect.provide(client),
              Effect.match({
                onFailure: (error) => `${error._tag} ${error.reason}`,
                onSuccess: (rows) => rows.length
              }),
              Effect.runPromise
            )
          }
          const token = await app.issueToken(place)
          return [
            await query(token),
            await query(app.jwt({ sub: "nobody" })),
            await query(`${token}\n${token}`)
          ]
        },
        placeOf(sandbox)
      )
      assert.deepStrictEqual(outcomes, [1, "AuthError TokenRefused", "AuthError InvalidAnswer"])
      // The rejected token is sent once, and the token with a line break is never sent.
      assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 2 })
    })
  )

  it.scoped("a store without a usable token fails after the wait", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const page = yield* freshPage
      const reasons = yield* inPage(
        page,
        async (place) => {
          const source = (token: string | undefined) =>
            app.BrowserTokenProvider.fromSubscribable(
              { get: () => token, subscribe: () => () => {} },
              { timeout: "20 millis" }
            )
          const { reason: none } = await app.outcome(
            app.client(place, source(undefined)).query(app.query)
          )
          const { reason: old } = await app.outcome(
            app.client(place, source(app.jwt({ exp: 1 }))).query(app.query)
          )
          const { reason: refused } = await app.outcome(
            app.client(place, source(app.jwt({ exp: 4_000_000_000 }))).query(app.query)
          )
          return [none, old, refused]
        },
        placeOf(sandbox)
      )
      assert.deepStrictEqual(reasons, ["SignInRequired", "InvalidAnswer", "TokenRefused"])
    })
  )
})

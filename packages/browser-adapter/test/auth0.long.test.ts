import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { freshPage, freshSandbox, inPage, placeOf, TestLive } from "./support/browser.js"

layer(TestLive, { excludeTestServices: true, timeout: "2 minutes" })("Auth0's own client", (it) => {
  it.scoped(
    "Auth0's own client signs a person in, replaces a rejected token, and reports the session's end",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const page = yield* freshPage
        const signIn = {
          domain: sandbox.urls.login,
          clientId: sandbox.signIn.clientId,
          useRefreshTokens: true,
          authorizationParams: {
            audience: sandbox.signIn.audience,
            redirect_uri: page.url()
          }
        }
        yield* inPage(
          page,
          async (signIn) => (await app.createAuth0Client(signIn)).loginWithRedirect(),
          signIn
        )
        const { username, password } = sandbox.signIn.people.tenant
        yield* Effect.promise(async () => {
          await page.fill("input[name=username]", username)
          await page.fill("input[name=password]", Redacted.value(password))
          await page.getByRole("button", { name: "Sign in" }).click()
          await page.waitForFunction(() => globalThis.app !== undefined)
        })
        const query = inPage(
          page,
          () => app.metrics && app.outcome(app.metrics.query(app.query)),
          undefined
        )
        const first = yield* inPage(
          page,
          async ([place, signIn]) => {
            const auth0 = await app.createAuth0Client(signIn)
            await auth0.handleRedirectCallback()
            app.metrics = app.client(place, app.BrowserTokenProvider.fromAuth0(auth0))
            return app.outcome(app.metrics.query(app.query))
          },
          [placeOf(sandbox), signIn] as const
        )
        // The tenant may read only building 72, and the query asks for building 71.
        assert.deepStrictEqual(first, { rows: 0 })
        yield* sandbox.control.expireTokens
        assert.deepStrictEqual(yield* query, { rows: 0 })
        const grants = (yield* sandbox.control.requests).flatMap(({ grantType }) => grantType ?? [])
        assert.deepStrictEqual(grants, ["authorization_code", "refresh_token"])
        yield* sandbox.control.endSessions()
        yield* sandbox.control.expireTokens
        const last = yield* query
        assert.strictEqual(`${last?.tag} ${last?.reason}`, "AuthError SignInRequired")
      })
  )
})

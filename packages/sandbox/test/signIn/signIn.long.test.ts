import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose"
import { getValidatedIdTokenClaims, ResponseBodyError } from "oauth4webapi"
import * as Browser from "../support/browser.js"
import { post, request } from "../support/client.js"
import {
  callback,
  locationOf,
  make,
  parametersOf,
  signIn,
  silent,
  tokenRequest
} from "../support/openid.js"
import { startTimeout } from "../support/startTimeout.js"

const ask = (sandbox: Sandbox.Service, token: string) =>
  Effect.map(
    post(sandbox.urls.v1, { query: "{ __typename }" }, { authorization: `Bearer ${token}` }),
    ({ text }) => text
  )

const refusedRefresh = <A>(effect: Effect.Effect<A, Error>) =>
  Effect.map(Effect.flip(effect), (error) =>
    error instanceof ResponseBodyError ? [error.status, error.error] : error
  )

layer(Sandbox.layer(), { timeout: startTimeout })("signing in", (it) => {
  it.effect("a sign-in gives tokens that a certified client and the published key accept", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { manager } = sandbox.signIn.people
      const { app, tokens } = yield* signIn(sandbox, manager)
      const claims = getValidatedIdTokenClaims(tokens)
      assert.deepInclude(claims, {
        sub: manager.subject,
        name: manager.name,
        email: manager.username,
        aud: sandbox.signIn.clientId
      })
      assert.strictEqual(tokens.expires_in, 86_400)
      assert.strictEqual(tokens.scope, "openid profile email offline_access")
      const keys = createRemoteJWKSet(new URL(`${sandbox.urls.login}/.well-known/jwks.json`))
      const { payload } = yield* Effect.promise(() =>
        jwtVerify(tokens.access_token, keys, {
          issuer: `${sandbox.urls.login}/`,
          audience: sandbox.signIn.audience,
          subject: manager.subject
        })
      )
      assert.deepInclude(payload, {
        azp: sandbox.signIn.clientId,
        scope: "openid profile email",
        "https://hasura.io/jwt/claims": {
          "x-hasura-default-role": "customer",
          "x-hasura-allowed-roles": ["customer"]
        }
      })
      assert.include(yield* ask(sandbox, tokens.access_token), "query_root")
      const profile = yield* app.userinfo(tokens.access_token, manager.subject)
      assert.strictEqual(profile.name, manager.name)
    })
  )

  it.effect("the sign-in form needs no script and lists the people", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const app = yield* make(sandbox)
      const { text } = yield* app.browser.get(
        new URL(locationOf(yield* app.authorize({ login_hint: `"><script>` })), sandbox.urls.login)
          .href
      )
      for (const { password, username } of Object.values(sandbox.signIn.people)) {
        assert.include(text, username)
        assert.include(text, Redacted.value(password))
      }
      const inputs = [...text.matchAll(/<input id="(\w+)" name="(\w+)"/g)].map(([, id]) => id)
      assert.deepStrictEqual(inputs, ["username", "password"])
      for (const id of inputs) assert.include(text, `<label for="${id}">`)
      assert.include(text, `<html lang="en">`)
      assert.include(text, "prefers-color-scheme: dark")
      assert.notInclude(text, "<script")
    })
  )

  it.effect("a wrong password or an unknown user is rejected and leaves no session", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { manager, tenant } = sandbox.signIn.people
      const app = yield* make(sandbox)
      const form = yield* app.authorize()
      const wrong = yield* app.submit(form, manager, Redacted.value(tenant.password))
      assert.strictEqual(wrong.status, 400)
      assert.include(wrong.text, `role="alert"`)
      assert.include(wrong.text, `value="${manager.username}"`)
      assert.include(yield* silent(app), "login_required")
      const back = yield* app.submit(yield* app.authorize(), manager)
      assert.property(parametersOf(back), "code")
    })
  )

  it.effect("a form that was started in another browser is rejected", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const app = yield* make(sandbox)
      const form = new URL(locationOf(yield* app.authorize()), sandbox.urls.login).href
      const elsewhere = yield* Browser.make().submit(form, {
        username: sandbox.signIn.people.manager.username,
        password: Redacted.value(sandbox.signIn.people.manager.password)
      })
      assert.strictEqual(elsewhere.status, 400)
      assert.include(elsewhere.text, "sign in again")
    })
  )

  it.effect("callbacks are allowed on this machine, on any port and path, and nowhere else", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const app = yield* make(sandbox)
      for (const allowed of [
        "http://localhost:3000/",
        "http://127.0.0.1:8080/a/b",
        "https://[::1]:1/"
      ]) {
        const { status } = yield* app.authorize({ redirect_uri: allowed })
        assert.strictEqual(status, 303, allowed)
      }
      for (const refused of [
        "https://evil.example/",
        "http://localhost.evil.example/",
        "javascript:alert(1)",
        "http://user@evil.example:80/?http://localhost"
      ]) {
        const answer = yield* app.authorize({ redirect_uri: refused })
        assert.strictEqual(answer.status, 400, refused)
        assert.strictEqual(locationOf(answer), "")
      }
    })
  )

  it.effect("a code gives tokens once, and only to the app that requested it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { tenant } = sandbox.signIn.people
      const { app, tokens } = yield* signIn(sandbox, tenant)
      const again = yield* app.authorize()
      const { code = "" } = parametersOf(again)
      const stolen = yield* tokenRequest(sandbox, {
        grant_type: "authorization_code",
        code,
        redirect_uri: callback,
        code_verifier: "x".repeat(43)
      })
      assert.deepStrictEqual(
        [stolen.status, stolen.json],
        [403, { error: "invalid_grant", error_description: "Invalid authorization code" }]
      )
      const first = yield* app.exchange(again)
      assert.deepStrictEqual(yield* refusedRefresh(app.exchange(again)), [403, "invalid_grant"])
      assert.deepStrictEqual(yield* refusedRefresh(app.refresh(first.refresh_token ?? "")), [
        403,
        "invalid_grant"
      ])
      assert.isString((yield* app.refresh(tokens.refresh_token ?? "")).access_token)
    })
  )

  it.effect("a code challenge is required", () =>
    Effect.gen(function* () {
      const app = yield* make(yield* Sandbox.Sandbox)
      const plain = yield* app.authorize({ code_challenge_method: "plain" })
      assert.strictEqual(parametersOf(plain)["error"], "invalid_request")
    })
  )

  it.effect(
    "a silent authorization succeeds with a session, and is login_required without one",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const stranger = yield* make(sandbox)
        const { json, status, text } = yield* stranger.authorize({
          prompt: "none",
          response_mode: "web_message"
        })
        assert.deepStrictEqual([status, json], [200, undefined])
        assert.include(text, "authorization_response")
        assert.include(text, "login_required")
        assert.strictEqual(
          parametersOf(yield* stranger.authorize({ prompt: "none" }))["error"],
          "login_required"
        )
        const { app } = yield* signIn(sandbox, sandbox.signIn.people.tenant)
        assert.match(yield* silent(app), /"code":"[^"]+"/)
        const back = yield* app.authorize({ prompt: "none" })
        const tokens = yield* app.exchange(back)
        assert.strictEqual(
          getValidatedIdTokenClaims(tokens)?.sub,
          sandbox.signIn.people.tenant.subject
        )
      })
  )

  it.effect("a token for the API requires its audience in the request", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { manager } = sandbox.signIn.people
      const { app } = yield* signIn(sandbox, manager)
      const unknown = yield* app.authorize({ audience: "https://api.example/" })
      assert.deepInclude(parametersOf(unknown), {
        error: "access_denied",
        error_description: "Service not found: https://api.example/"
      })
      const { access_token } = yield* app.exchange(yield* app.authorize({ audience: "" }))
      assert.notInclude(access_token, ".")
      assert.include(yield* ask(sandbox, access_token), "invalid-jwt")
      const profile = yield* app.userinfo(access_token, manager.subject)
      assert.strictEqual(profile.sub, manager.subject)
    })
  )

  it.effect("a refresh token requires the scope offline_access", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { app } = yield* signIn(sandbox, sandbox.signIn.people.manager)
      const online = yield* app.exchange(yield* app.authorize({ scope: "openid profile" }))
      assert.notProperty(online, "refresh_token")
      assert.strictEqual(online.scope, "openid profile")
    })
  )

  it.effect("refresh tokens rotate, and using one twice revokes its family", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { app, tokens } = yield* signIn(sandbox, sandbox.signIn.people.manager)
      const other = yield* signIn(sandbox, sandbox.signIn.people.manager)
      const first = tokens.refresh_token ?? ""
      const second = (yield* app.refresh(first)).refresh_token ?? ""
      const { access_token, refresh_token: third = "" } = yield* app.refresh(second)
      assert.strictEqual(new Set([first, second, third]).size, 3)
      assert.include(yield* ask(sandbox, access_token), "query_root")
      assert.deepStrictEqual(yield* refusedRefresh(app.refresh(first)), [403, "invalid_grant"])
      assert.deepStrictEqual(yield* refusedRefresh(app.refresh(third)), [403, "invalid_grant"])
      assert.isString((yield* other.app.refresh(other.tokens.refresh_token ?? "")).access_token)
    })
  )

  it.effect(
    "the token endpoint accepts JSON and form fields, with scopes, and revokes tokens",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const { tokens } = yield* signIn(sandbox, sandbox.signIn.people.manager)
        const send = (path: string, fields: Readonly<Record<string, unknown>>) =>
          post(`${sandbox.urls.login}${path}`, { client_id: sandbox.signIn.clientId, ...fields })
        const { json, status } = yield* send("/oauth/token", {
          grant_type: "refresh_token",
          refresh_token: tokens.refresh_token,
          scope: "openid offline_access"
        })
        assert.strictEqual(status, 200)
        assert.include(JSON.stringify(json), `"scope":"openid offline_access"`)
        const token = /"refresh_token":"([^"]+)"/.exec(JSON.stringify(json))?.[1] ?? ""
        assert.strictEqual((yield* send("/oauth/revoke", { token })).status, 200)
        const late = yield* send("/oauth/token", {
          grant_type: "refresh_token",
          refresh_token: token
        })
        assert.strictEqual(late.status, 403)
      })
  )

  it.effect("a sign-out redirects only to addresses of this machine", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { app, tokens } = yield* signIn(sandbox, sandbox.signIn.people.manager)
      const logout = `${sandbox.urls.login}/v2/logout`
      const away = yield* app.browser.get(`${logout}?returnTo=https://evil.example/`)
      assert.deepStrictEqual([away.status, locationOf(away)], [400, ""])
      const { app: again } = yield* signIn(sandbox, sandbox.signIn.people.manager, app.browser)
      const copied = yield* make(sandbox, again.browser.copy())
      assert.match(yield* silent(copied), /"code":/)
      const out = yield* again.browser.get(`${logout}?returnTo=http://localhost:5173/bye`)
      assert.deepStrictEqual([out.status, locationOf(out)], [302, "http://localhost:5173/bye"])
      assert.include(yield* silent(again), "login_required")
      assert.include(yield* silent(copied), "login_required")
      // As at Auth0, a sign-out ends the session, but refresh tokens stay valid.
      assert.isString((yield* app.refresh(tokens.refresh_token ?? "")).access_token)
      assert.include((yield* app.browser.get(logout)).text, "Signed out")
    })
  )

  it.effect("the next person in the same browser gets nothing of the previous one", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { manager, tenant } = sandbox.signIn.people
      const { app } = yield* signIn(sandbox, manager)
      const before = app.browser.cookies()
      const back = yield* app.submit(yield* app.authorize({ prompt: "login" }), tenant)
      const tokens = yield* app.exchange(back)
      assert.strictEqual(getValidatedIdTokenClaims(tokens)?.sub, tenant.subject)
      assert.isFalse(app.browser.cookies().some((cookie) => before.includes(cookie)))
      const quiet = yield* app.exchange(yield* app.authorize({ prompt: "none" }))
      assert.strictEqual(getValidatedIdTokenClaims(quiet)?.sub, tenant.subject)
    })
  )

  it.effect("endSessions ends sessions of one person or all, and access tokens stay valid", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { manager, tenant } = sandbox.signIn.people
      const hers = yield* signIn(sandbox, manager)
      const his = yield* signIn(sandbox, tenant)
      yield* sandbox.control.endSessions({ username: manager.username })
      assert.include(yield* silent(hers.app), "login_required")
      assert.deepStrictEqual(
        yield* refusedRefresh(hers.app.refresh(hers.tokens.refresh_token ?? "")),
        [403, "invalid_grant"]
      )
      assert.include(yield* ask(sandbox, hers.tokens.access_token), "query_root")
      assert.match(yield* silent(his.app), /"code":/)
      const end = `${sandbox.urls.login}/_sandbox/sessions/end`
      assert.strictEqual((yield* post(end, {})).status, 204)
      assert.include(yield* silent(his.app), "login_required")
      assert.strictEqual((yield* post(end, { username: "nobody@example.com" })).status, 400)
      // @ts-expect-error: no person has this user name.
      sandbox.control.endSessions({ username: "nobody@example.com" })
    })
  )

  it.effect("sessions, codes and tokens expire by the sandbox's clock", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { control } = sandbox
      yield* control.advance("100 days")
      yield* control.setLifetimes({
        token: "1 minute",
        refreshToken: "1 hour",
        session: "1 day"
      })
      const { app, tokens } = yield* signIn(sandbox, sandbox.signIn.people.manager)
      assert.strictEqual(tokens.expires_in, 60)
      yield* control.advance("50 seconds")
      assert.include(yield* ask(sandbox, tokens.access_token), "query_root")
      yield* control.advance("10 seconds")
      assert.include(yield* ask(sandbox, tokens.access_token), "JWTExpired")
      const second = yield* app.refresh(tokens.refresh_token ?? "")
      assert.include(yield* ask(sandbox, second.access_token), "query_root")
      yield* control.advance("1 hour")
      assert.deepStrictEqual(yield* refusedRefresh(app.refresh(second.refresh_token ?? "")), [
        403,
        "invalid_grant"
      ])
      assert.match(yield* silent(app), /"code":/)
      yield* control.advance("1 day")
      assert.include(yield* silent(app), "login_required")
      yield* control.reset
      const { expires_in } = (yield* signIn(sandbox, sandbox.signIn.people.manager)).tokens
      assert.strictEqual(expires_in, 86_400)
      yield* post(`${sandbox.urls.v1}/_sandbox/lifetimes`, { tokenSeconds: 30 })
      assert.strictEqual(
        (yield* signIn(sandbox, sandbox.signIn.people.manager)).tokens.expires_in,
        30
      )
      yield* control.reset
    })
  )

  it.effect("tokens for a browser have real times, whatever the sandbox's clock shows", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.setTime("2025-05-09T07:00:00Z")
      const { app, tokens } = yield* signIn(sandbox, sandbox.signIn.people.manager)
      const { exp = 0, iat = 0 } = decodeJwt(tokens.access_token)
      assert.strictEqual(exp - iat, 86_400)
      assert.isAbove(iat, Date.parse("2026-01-01") / 1000)
      assert.include(yield* ask(sandbox, tokens.access_token), "query_root")
      assert.match(yield* silent(app), /"code":/)
      yield* sandbox.control.setTime("2025-05-10T07:01:00Z")
      assert.include(yield* ask(sandbox, tokens.access_token), "JWTExpired")
      const renewed = yield* app.refresh(tokens.refresh_token ?? "")
      assert.include(yield* ask(sandbox, renewed.access_token), "query_root")
      yield* sandbox.control.reset
    })
  )

  it.effect("expireTokens also expires people's access tokens", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { app, tokens } = yield* signIn(sandbox, sandbox.signIn.people.manager)
      yield* sandbox.control.expireTokens
      assert.include(yield* ask(sandbox, tokens.access_token), "JWTExpired")
      const renewed = yield* app.refresh(tokens.refresh_token ?? "")
      assert.include(yield* ask(sandbox, renewed.access_token), "query_root")
      yield* sandbox.control.reset
    })
  )

  it.effect("people's token requests meet faults", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.inject(Fault.unavailable({ target: "token" }))
      const statuses = yield* Effect.forEach([1, 2], () =>
        Effect.map(tokenRequest(sandbox, { grant_type: "refresh_token" }), ({ status }) => status)
      )
      assert.deepStrictEqual(statuses, [503, 400])
    })
  )

  it.effect("the log of sign-ins has all requests and no secret", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const { tenant } = sandbox.signIn.people
      yield* sandbox.control.reset
      const { app, tokens } = yield* signIn(sandbox, tenant)
      const renewed = yield* app.refresh(tokens.refresh_token ?? "")
      yield* silent(app)
      yield* app.userinfo(renewed.access_token, tenant.subject)
      yield* app.browser.get(`${sandbox.urls.login}/v2/logout`)
      yield* post(`${sandbox.urls.v1}/api/rest/oauth/token`, { grant_type: "client_credentials" })
      const requests = yield* sandbox.control.requests
      assert.deepStrictEqual(
        requests.map(({ api, grantType, kind, prompt, status }) =>
          [api, kind, status, grantType ?? prompt].join(" ").trim()
        ),
        [
          "login authorize 303",
          "login sign-in 303",
          "login token 200 authorization_code",
          "login token 200 refresh_token",
          "login authorize 200 none",
          "login userinfo 200",
          "login sign-out 200",
          "v1 token 401 client_credentials"
        ]
      )
      const { text } = yield* request(`${sandbox.urls.login}/_sandbox/requests`)
      for (const secret of [
        Redacted.value(tenant.password),
        tokens.access_token,
        tokens.refresh_token ?? "?",
        renewed.access_token,
        ...app.browser.cookies()
      ]) {
        assert.notInclude(text, secret)
      }
    })
  )
})

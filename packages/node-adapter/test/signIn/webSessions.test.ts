/**
 * Tests the sessions of a web app with the sandbox's provider: sign-in, attacks, refresh and
 * sign-out.
 */
import * as KeyValueStore from "@effect/platform/KeyValueStore"
import { assert, layer } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { FileTokenStore, WebSessions } from "@innerspace-metrics/node-adapter"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { apiOf, documented, freshSandbox } from "../support/client.js"
import { newDirectory } from "../support/tokenFiles.js"
import { appUrl, callbackOf, makeUser, type User } from "../support/webUser.js"

const make = (sandbox: Sandbox.Service, options: Partial<WebSessions.Options> = {}) =>
  WebSessions.make({
    issuer: sandbox.urls.login,
    clientId: sandbox.signIn.web.clientId,
    clientSecret: sandbox.signIn.web.clientSecret,
    cookieSecret: Redacted.make("a cookie secret of more than 32 characters"),
    appUrl,
    audience: sandbox.signIn.audience,
    api: apiOf(sandbox),
    ...options
  })

/** Signs in a person with a new browser. */
const signedIn = (sandbox: Sandbox.Service, sessions: WebSessions.WebSessions) =>
  Effect.promise(async () => {
    const user = makeUser(sessions)
    const last = await user.signIn("/reports?week=1", sandbox.signIn.people.tenant)
    assert.strictEqual(last.status, 303)
    return user
  })

const sessionOf = (sessions: WebSessions.WebSessions, user: User) =>
  Effect.map(sessions.session(user.request("/")), Option.getOrThrow)

const isSignedIn = (sessions: WebSessions.WebSessions, user: User) =>
  Effect.map(sessions.session(user.request("/")), Option.isSome)

const countOf = (sandbox: Sandbox.Service, grantType: string) =>
  Effect.map(
    sandbox.control.requests,
    (requests) => requests.filter((request) => request.grantType === grantType).length
  )

layer(Sandbox.layer(), { timeout: "1 minute" })("sessions of a web app", (it) => {
  it.scoped("a person signs in, returns to the path, and reads as that person", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { tenant } = sandbox.signIn.people
      const sessions = yield* make(sandbox)
      const user = makeUser(sessions)
      assert.isFalse(yield* isSignedIn(sessions, user))
      const last = yield* Effect.promise(() => user.signIn("/reports?week=1", tenant))
      assert.strictEqual(last.headers.get("location"), `${appUrl}/reports?week=1`)
      const session = yield* sessionOf(sessions, user)
      assert.strictEqual(session.person["sub"], tenant.subject)
      // The tenant may not read building 71, so there are no rows.
      assert.lengthOf(yield* session.metrics.query(documented), 0)
      assert.isTrue(Option.isNone(yield* sessions.handle(user.request("/reports"))))
    })
  )

  it.scoped("the cookies are HttpOnly, SameSite=Lax and hold no token", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      const user = yield* signedIn(sandbox, sessions)
      const token = yield* (yield* sessionOf(sessions, user)).tokens.get
      for (const cookie of user.setCookies) {
        assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Lax/)
        assert.notInclude(cookie, Redacted.value(token.value))
      }
      const secure = yield* make(sandbox, { appUrl: "https://app.example" })
      const response = yield* secure.handle(new Request("https://app.example/login"))
      const [cookie = ""] = Option.getOrThrow(response).headers.getSetCookie()
      assert.match(cookie, /^__Host-innerspace-sign-in-[\w-]+=[\w-]+; .*; Secure/)
    })
  )

  it.scoped(
    "session fixation: a sign-in starts a session with a new id, and ends the old one",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const sessions = yield* make(sandbox)
        const attacker = yield* signedIn(sandbox, sessions)
        const victim = makeUser(sessions)
        for (const [name, value] of attacker.cookies) victim.cookies.set(name, value)
        yield* Effect.promise(() => victim.signIn("/", sandbox.signIn.people.manager))
        const session = yield* sessionOf(sessions, victim)
        assert.strictEqual(session.person["sub"], sandbox.signIn.people.manager.subject)
        assert.isFalse(yield* isSignedIn(sessions, attacker))
        // The app never created this session id, so the id gives no session.
        const planted = makeUser(sessions)
        planted.cookies.set("innerspace-3000-session", "x".repeat(43))
        assert.isFalse(yield* isSignedIn(sessions, planted))
      })
  )

  it.scoped("login CSRF: a response that another browser asked for is not accepted", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      const callback = yield* Effect.promise(() =>
        makeUser(sessions).signInUpToCallback("/", sandbox.signIn.people.manager)
      )
      const victim = makeUser(sessions)
      const response = yield* Effect.promise(() => victim.visit(callback))
      assert.strictEqual(response.status, 400)
      assert.isFalse(yield* isSignedIn(sessions, victim))
      assert.strictEqual(yield* countOf(sandbox, "authorization_code"), 0)
    })
  )

  it.scoped("a replayed response is not accepted, and its code is not sent again", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      const user = makeUser(sessions)
      const callback = yield* Effect.promise(() =>
        user.signInUpToCallback("/", sandbox.signIn.people.manager)
      )
      const copy = new Map(user.cookies)
      assert.strictEqual((yield* Effect.promise(() => user.visit(callback))).status, 303)
      const thief = makeUser(sessions, copy)
      assert.strictEqual((yield* Effect.promise(() => thief.visit(callback))).status, 400)
      assert.isFalse(yield* isSignedIn(sessions, thief))
      assert.strictEqual(yield* countOf(sandbox, "authorization_code"), 1)
      assert.isTrue(yield* isSignedIn(sessions, user))
      // Another process does not know that the code was used, but the provider knows it and rejects
      // the code.
      const other = yield* make(sandbox)
      const there = makeUser(other, copy)
      assert.strictEqual((yield* Effect.promise(() => there.visit(callback))).status, 400)
    })
  )

  it.scoped("issuer mix-up: a response with another iss, or without one, is not accepted", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      for (const iss of ["https://attacker.example/", undefined]) {
        const user = makeUser(sessions)
        const callback = new URL(
          yield* Effect.promise(() => user.signInUpToCallback("/", sandbox.signIn.people.manager))
        )
        if (iss === undefined) callback.searchParams.delete("iss")
        else callback.searchParams.set("iss", iss)
        const response = yield* Effect.promise(() => user.visit(callback.href))
        assert.strictEqual(response.status, 502)
        assert.isFalse(yield* isSignedIn(sessions, user))
      }
      assert.strictEqual(yield* countOf(sandbox, "authorization_code"), 0)
    })
  )

  it.scoped("an ID token with another nonce is not accepted", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      const user = makeUser(sessions)
      // The attacker's code is used in the victim's sign-in. The state is right, and the nonce is
      // wrong.
      const response = yield* Effect.promise(async () => {
        const login = await user.visit(`${appUrl}/login`)
        const asked = new URL(login.headers.get("location") ?? "")
        asked.searchParams.set("nonce", "of-another-sign-in")
        const callback = await callbackOf(asked.href, sandbox.signIn.people.manager)
        return user.visit(callback)
      })
      assert.strictEqual(response.status, 502)
      assert.isFalse(yield* isSignedIn(sessions, user))
    })
  )

  it.scoped("open redirect: a sign-in only returns to a path of the app", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      const user = makeUser(sessions)
      const { manager } = sandbox.signIn.people
      for (const [asked, expected] of [
        ["https://attacker.example/", "/"],
        ["//attacker.example/", "/"],
        ["/\\attacker.example/", "/"],
        ["/\t/attacker.example/", "/"],
        ["javascript:alert(1)", "/"],
        ["/a/../b?c=%2f#d", "/b?c=%2f#d"]
      ] as const) {
        const last = yield* Effect.promise(() => user.signIn(asked, manager))
        assert.strictEqual(last.headers.get("location"), `${appUrl}${expected}`, asked)
      }
    })
  )

  it.scoped("a cookie that was changed is not accepted", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      const user = makeUser(sessions)
      const callback = yield* Effect.promise(() =>
        user.signInUpToCallback("/", sandbox.signIn.people.manager)
      )
      const [name = "", value = ""] =
        [...user.cookies].find(([key]) => key.includes("sign-in")) ?? []
      yield* Effect.promise(() =>
        FastCheck.assert(
          FastCheck.asyncProperty(
            FastCheck.nat(value.length - 1),
            FastCheck.constantFrom("A", "b", "_"),
            async (at, other) => {
              FastCheck.pre(value[at] !== other && at < value.length - 1)
              const changed = value.slice(0, at) + other + value.slice(at + 1)
              const response = await makeUser(sessions, new Map([[name, changed]])).visit(callback)
              assert.strictEqual(response.status, 400)
            }
          ),
          { numRuns: 30 }
        )
      )
    })
  )

  it.scoped("the store has no id that works as a cookie", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const stored = new Map<string, string>()
      const tokenStore = TokenStore.make({
        get: (name) => Effect.sync(() => Option.fromNullable(stored.get(name))),
        set: (name, text) => Effect.sync(() => stored.set(name, Redacted.value(text))),
        remove: (name) => Effect.sync(() => stored.delete(name)),
        lock: () => Effect.void
      })
      const sessions = yield* make(sandbox, { tokenStore })
      const user = yield* signedIn(sandbox, sessions)
      assert.isTrue(yield* isSignedIn(sessions, user))
      assert.strictEqual(stored.size, 1)
      for (const text of [...stored].flat()) {
        for (const cookie of user.cookies.values()) assert.notInclude(text, cookie)
      }
      yield* Effect.promise(() => user.signOut())
      assert.strictEqual(stored.size, 0)
    })
  )

  it.scoped("sessions can be kept in any KeyValueStore", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const values = yield* KeyValueStore.KeyValueStore
      const sessions = yield* make(sandbox, { tokenStore: TokenStore.fromKeyValueStore(values) })
      const user = yield* signedIn(sandbox, sessions)
      const other = yield* make(sandbox, { tokenStore: TokenStore.fromKeyValueStore(values) })
      assert.isTrue(yield* isSignedIn(other, user))
      assert.strictEqual(yield* values.size, 1)
      yield* Effect.promise(() => user.signOut())
      assert.isFalse(yield* isSignedIn(other, user))
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )

  it.scoped("one hundred requests when the token has expired cause one refresh", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      const user = yield* signedIn(sandbox, sessions)
      yield* sandbox.control.expireTokens
      yield* Effect.all(
        Array.from({ length: 100 }, (_, index) =>
          Effect.flatMap(sessionOf(sessions, user), ({ metrics }) =>
            metrics.execute({ document: `query q${index} { __typename }`, schema: Schema.Unknown })
          )
        ),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(yield* countOf(sandbox, "refresh_token"), 1)
    })
  )

  it.scoped("processes that share a store share the sessions, and a refresh", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const directory = yield* newDirectory
      const one = yield* make(sandbox, { tokenStore: FileTokenStore.make({ directory }) })
      const other = yield* make(sandbox, { tokenStore: FileTokenStore.make({ directory }) })
      const user = yield* signedIn(sandbox, one)
      const [here, there] = [yield* sessionOf(one, user), yield* sessionOf(other, user)]
      const token = yield* here.tokens.get
      assert.isTrue(AccessToken.isSame(token, yield* there.tokens.get))
      yield* here.tokens.invalidate(token)
      yield* there.tokens.invalidate(token)
      const [first, second] = yield* Effect.all([here.tokens.get, there.tokens.get], {
        concurrency: "unbounded"
      })
      assert.isTrue(AccessToken.isSame(first, second))
      assert.strictEqual(yield* countOf(sandbox, "refresh_token"), 1)
      yield* Effect.promise(() => user.signOut())
      assert.isFalse(yield* isSignedIn(other, user))
      // Waiting for a lock of a file takes real time.
    }).pipe(Effect.withClock(Clock.make()))
  )

  it.scoped("a sign-out ends the session here, its refresh token, and the provider's session", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      const user = yield* signedIn(sandbox, sessions)
      const before = new Map(user.cookies)
      const foreign = yield* Effect.promise(() =>
        user.visit(`${appUrl}/logout`, { method: "POST", origin: "https://attacker.example" })
      )
      assert.strictEqual(foreign.status, 403)
      assert.strictEqual((yield* Effect.promise(() => user.visit(`${appUrl}/logout`))).status, 405)
      const response = yield* Effect.promise(() => user.signOut())
      assert.strictEqual(
        response.headers.get("location"),
        `${sandbox.urls.login}/oidc/logout?${new URLSearchParams({
          client_id: sandbox.signIn.web.clientId,
          post_logout_redirect_uri: `${appUrl}/`
        })}`
      )
      assert.isFalse(yield* isSignedIn(sessions, makeUser(sessions, before)))
      const requests = yield* sandbox.control.requests
      assert.lengthOf(
        requests.filter(({ kind }) => kind === "revoke"),
        1
      )
    })
  )

  it.scoped("a session ends after its lifetime, and when the provider ends it", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox, { sessionLifetime: "1 nano" })
      const user = makeUser(sessions)
      yield* Effect.promise(() => user.signIn("/", sandbox.signIn.people.manager))
      assert.isFalse(yield* isSignedIn(sessions, user))
      const longer = yield* make(sandbox)
      const other = yield* signedIn(sandbox, longer)
      const session = yield* sessionOf(longer, other)
      yield* sandbox.control.endSessions()
      yield* sandbox.control.expireTokens
      const error = yield* Effect.flip(session.metrics.query(documented))
      assert.strictEqual(`${error._tag}.${error.reason}`, "AuthError.SignInRequired")
      assert.isFalse(yield* isSignedIn(longer, other))
    })
  )

  it.scoped(
    "a process holds at most maxSessions sessions, and drops the least recently used one",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const sessions = yield* make(sandbox, { maxSessions: 2 })
        const users = [
          yield* signedIn(sandbox, sessions),
          yield* signedIn(sandbox, sessions),
          yield* signedIn(sandbox, sessions)
        ]
        const present = yield* Effect.forEach(users, (user) => isSignedIn(sessions, user))
        assert.deepStrictEqual(present, [false, true, true])
        // With a store, a dropped session is read from the store again, so both people stay signed
        // in.
        const tokenStore = yield* TokenStore.makeMemory
        const kept = yield* make(sandbox, { maxSessions: 1, tokenStore })
        const [one, two] = [yield* signedIn(sandbox, kept), yield* signedIn(sandbox, kept)]
        assert.isTrue(yield* isSignedIn(kept, one))
        assert.isTrue(yield* isSignedIn(kept, two))
      })
  )

  it.scoped(
    "a session that a process has dropped serves its request, and closes with the app",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const scope = yield* Scope.make()
        const sessions = yield* make(sandbox, {
          maxSessions: 1,
          tokenStore: yield* TokenStore.makeMemory
        }).pipe(Scope.extend(scope))
        const user = yield* signedIn(sandbox, sessions)
        const dropped = yield* sessionOf(sessions, user)
        const other = yield* signedIn(sandbox, sessions)
        const ended = yield* sessionOf(sessions, other)
        yield* dropped.metrics.query(documented)
        yield* Effect.promise(() => other.signOut())
        const reasonOf = ({ tokens }: WebSessions.Session) =>
          Effect.map(Effect.flip(tokens.get), ({ reason }) => reason)
        assert.strictEqual(yield* reasonOf(ended), "SignInRequired")
        yield* Scope.close(scope, Exit.void)
        assert.strictEqual(yield* reasonOf(dropped), "Closed")
        assert.strictEqual(yield* reasonOf(ended), "Closed")
      })
  )

  it.scoped("a provider that fails is a page of status 503 without any secret", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const sessions = yield* make(sandbox)
      const user = makeUser(sessions)
      const callback = yield* Effect.promise(() =>
        user.signInUpToCallback("/", sandbox.signIn.people.manager)
      )
      yield* sandbox.control.inject(Fault.unavailable({ target: "token", api: "login" }))
      const response = yield* Effect.promise(() => user.visit(callback))
      assert.strictEqual(response.status, 503)
      const text = yield* Effect.promise(() => response.text())
      assert.include(text, "does not respond")
      for (const secret of new URL(callback).searchParams.values()) {
        assert.notInclude(text, secret)
      }
    })
  )
})

/** Tests how a person's tokens are renewed, stored and revoked. */
import { assert, layer } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { FileTokenStore, NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { apiOf, freshSandbox } from "../support/client.js"
import { signInAt } from "../support/person.js"
import { newDirectory } from "../support/tokenFiles.js"

const make = (sandbox: Sandbox.Service, options: Partial<NodeTokenProvider.BrowserOptions> = {}) =>
  NodeTokenProvider.browser({
    issuer: sandbox.urls.login,
    clientId: sandbox.signIn.nativeClientId,
    audience: sandbox.signIn.audience,
    open: async (url) => {
      await signInAt(url, sandbox.signIn.people.manager)
    },
    ...options
  }).make({ api: apiOf(sandbox) })

/** The number of refresh requests that the provider received. */
const refreshes = (sandbox: Sandbox.Service) =>
  Effect.map(
    sandbox.control.requests,
    (requests) => requests.filter(({ grantType }) => grantType === "refresh_token").length
  )

layer(Sandbox.layer(), { timeout: "1 minute" })("the tokens of a person", (it) => {
  it.scoped(
    "a person's tokens are renewed once for all callers, also of several providers of a store",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const tokenStore = yield* TokenStore.makeMemory
        const one = yield* make(sandbox, { tokenStore })
        const other = yield* make(sandbox, { tokenStore })
        yield* one.signIn
        const first = yield* one.get
        assert.isTrue(AccessToken.isSame(first, yield* other.get))
        yield* Effect.all([one.invalidate(first), other.invalidate(first)])
        const tokens = yield* Effect.all(
          Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? one.get : other.get)),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(yield* refreshes(sandbox), 1)
        for (const token of tokens) assert.isTrue(AccessToken.isSame(token, tokens[0] ?? token))
        assert.isFalse(AccessToken.isSame(first, tokens[0] ?? first))
      })
  )

  it.scoped("the next process uses a person's tokens if there is a store, and not otherwise", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const directory = yield* newDirectory
      const tokenStore = FileTokenStore.make({ directory })
      const first = yield* make(sandbox, { tokenStore })
      yield* first.signIn
      const token = yield* first.get
      const second = yield* make(sandbox, { tokenStore: FileTokenStore.make({ directory }) })
      assert.isTrue(AccessToken.isSame(token, yield* second.get))
      assert.isTrue(Option.isSome(yield* second.person))
      const without = yield* make(sandbox)
      assert.strictEqual((yield* Effect.flip(without.get)).reason, "SignInRequired")
    })
  )

  it.scoped(
    "a refresh is not repeated after a lost response, because the refresh token may be spent",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const tokenStore = yield* TokenStore.makeMemory
        const provider = yield* make(sandbox, { tokenStore })
        yield* provider.signIn
        yield* provider.invalidate(yield* provider.get)
        yield* sandbox.control.inject(Fault.cutBody({ target: "token", api: "login" }))
        const error = yield* Effect.flip(provider.get)
        assert.strictEqual(error.reason, "SignInRequired")
        assert.include(error.problem, "It is not sent again")
        // Another process can use the stored access token until the API refuses the token there
        // too.
        const next = yield* make(sandbox, { tokenStore })
        yield* next.invalidate(yield* next.get)
        assert.strictEqual((yield* Effect.flip(next.get)).reason, "SignInRequired")
        assert.strictEqual(yield* refreshes(sandbox), 1)
        // The next sign-in gets new tokens.
        yield* provider.signIn
        yield* provider.get
      })
  )

  it.scoped("a refresh is repeated if the provider cannot have replaced the refresh token", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const provider = yield* make(sandbox)
      yield* provider.signIn
      yield* provider.invalidate(yield* provider.get)
      yield* sandbox.control.inject(Fault.unavailable({ target: "token", api: "login" }))
      yield* provider.get
      assert.strictEqual(yield* refreshes(sandbox), 2)
      // The retry waits in real time.
    }).pipe(Effect.withClock(Clock.make()))
  )

  it.scoped(
    "a person's tokens end with the session at the provider, and SignInRequired says so",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const provider = yield* make(sandbox)
        yield* provider.signIn
        yield* provider.invalidate(yield* provider.get)
        yield* sandbox.control.endSessions()
        const error = yield* Effect.flip(provider.get)
        assert.strictEqual(error.reason, "SignInRequired")
        assert.include(error.problem, "session has ended")
        assert.isTrue(Option.isNone(yield* provider.person))
      })
  )

  it.scoped("a sign-out revokes a person's tokens, and removes them here and from the store", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const tokenStore = yield* TokenStore.makeMemory
      const provider = yield* make(sandbox, { tokenStore })
      yield* provider.signIn
      yield* provider.get
      yield* provider.signOut
      const requests = yield* sandbox.control.requests
      assert.deepStrictEqual(
        requests.filter(({ kind }) => kind === "revoke").map(({ status }) => status),
        [200]
      )
      assert.strictEqual((yield* Effect.flip(provider.get)).reason, "SignInRequired")
      const next = yield* make(sandbox, { tokenStore })
      assert.strictEqual((yield* Effect.flip(next.get)).reason, "SignInRequired")
    })
  )
})

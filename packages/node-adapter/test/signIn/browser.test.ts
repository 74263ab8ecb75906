/** Tests the sign-in in a browser on the machine of the program, at the sandbox's provider. */
import { assert, layer } from "@effect/vitest"
import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { apiOf, freshSandbox } from "../support/client.js"
import { makeBrowser, signInAt } from "../support/person.js"
import { passSleepOf, virtually } from "../support/virtualTime.js"

const make = (
  sandbox: Sandbox.Service,
  open: NonNullable<NodeTokenProvider.BrowserOptions["open"]>,
  options: Partial<NodeTokenProvider.BrowserOptions> = {}
) =>
  NodeTokenProvider.browser({
    issuer: sandbox.urls.login,
    clientId: sandbox.signIn.nativeClientId,
    audience: sandbox.signIn.audience,
    open,
    ...options
  }).make({ api: apiOf(sandbox) })

layer(Sandbox.layer(), { timeout: "1 minute" })("sign-in in the browser", (it) => {
  it.scoped(
    "a sign-in in the browser returns tokens, and its page says that the window can be closed",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const { tenant } = sandbox.signIn.people
        let page: ReturnType<typeof signInAt> | undefined
        const provider = yield* make(sandbox, (url) => {
          page = signInAt(url, tenant)
        })
        yield* provider.signIn
        assert.strictEqual(Option.getOrThrow(yield* provider.person)["sub"], tenant.subject)
        yield* provider.get
        const last = yield* Effect.promise(async () => page)
        assert.include(last?.text ?? "", "You can close this window")
        // The address contains nothing of the provider's response.
        assert.match(last?.url ?? "", /^http:\/\/127\.0\.0\.1:\d+\/signed-in$/)
      })
  )

  it.scoped(
    "a sign-in in the browser requests a code with PKCE (S256), state, nonce and a loopback address",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        let asked = new URL("http://localhost")
        const provider = yield* make(
          sandbox,
          async (url) => {
            asked = new URL(url)
            await signInAt(url, sandbox.signIn.people.manager)
          },
          { organization: "sandbox", connection: "Username-Password-Authentication" }
        )
        yield* provider.signIn
        const parameters = Object.fromEntries(asked.searchParams)
        assert.strictEqual(parameters["code_challenge_method"], "S256")
        assert.match(parameters["code_challenge"] ?? "", /^[\w-]{43}$/)
        assert.match(parameters["state"] ?? "", /^[\w-]{43}$/)
        assert.match(parameters["nonce"] ?? "", /^[\w-]{43}$/)
        assert.match(parameters["redirect_uri"] ?? "", /^http:\/\/127\.0\.0\.1:\d+\/callback$/)
        assert.strictEqual(parameters["organization"], "sandbox")
        assert.strictEqual(parameters["audience"], sandbox.signIn.audience)
      })
  )

  it.scoped(
    "a sign-in in the browser accepts exactly one response, and none with another state or host",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const statuses: Array<number | string> = []
        const provider = yield* make(sandbox, async (url) => {
          const callback = new URL(new URL(url).searchParams.get("redirect_uri") ?? "")
          const browser = makeBrowser()
          const foreign = await browser.request(`${callback}?code=stolen&state=other`)
          statuses.push(foreign.status)
          const named = await browser
            .request(`http://localhost:${callback.port}/callback?code=stolen`)
            .then(
              ({ status }) => status,
              () => "not reached"
            )
          statuses.push(named)
          const form = await browser.open(url)
          const { manager } = sandbox.signIn.people
          await signInAt(form.url, manager, browser)
        })
        yield* provider.signIn
        assert.strictEqual(statuses[0], 400)
        assert.include([400, "not reached"], statuses[1])
      })
  )

  it.scoped("a second copy of the response is not accepted", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      let both: Promise<ReadonlyArray<PromiseSettledResult<{ readonly status: number }>>> =
        Promise.resolve([])
      const provider = yield* make(sandbox, (url) => {
        const { searchParams } = new URL(url)
        const denied = `${searchParams.get("redirect_uri")}?${new URLSearchParams({
          error: "access_denied",
          state: searchParams.get("state") ?? "",
          iss: `${sandbox.urls.login}/`
        })}`
        both = Promise.allSettled([makeBrowser().open(denied), makeBrowser().open(denied)])
      })
      const error = yield* Effect.flip(provider.signIn)
      assert.strictEqual(error.reason, "SignInDenied")
      const answers = yield* Effect.promise(() => both)
      const accepted = answers.filter(
        (each) => each.status === "fulfilled" && each.value.status === 200
      )
      assert.lengthOf(accepted, 1)
    })
  )

  it.scoped("a response of another issuer is rejected (RFC 9207)", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const provider = yield* make(sandbox, async (url) => {
        const { searchParams } = new URL(url)
        await makeBrowser().open(
          `${searchParams.get("redirect_uri")}?${new URLSearchParams({
            code: "code-of-another-provider",
            state: searchParams.get("state") ?? "",
            iss: "https://attacker.example/"
          })}`
        )
      })
      const error = yield* Effect.flip(provider.signIn)
      assert.strictEqual(error.reason, "InvalidAnswer")
      assert.notInclude(error.message, "code-of-another-provider")
      const requests = yield* sandbox.control.requests
      assert.isFalse(requests.some(({ kind }) => kind === "token"))
    })
  )

  it.scoped("without a browser, the error points to the device code", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const provider = yield* make(sandbox, () => Promise.reject(new Error("no display")))
      const error = yield* Effect.flip(provider.signIn)
      assert.strictEqual(error.reason, "SignInRequired")
      assert.include(error.hint, "NodeTokenProvider.deviceCode")
    })
  )

  it.scoped("a person who does nothing is SignInExpired after the time limit", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const provider = yield* make(sandbox, () => {}, { signInTimeout: "2 minutes" })
      const signingIn = yield* Effect.fork(provider.signIn)
      yield* passSleepOf("2 minutes")
      const error = yield* Effect.flip(Fiber.join(signingIn))
      assert.strictEqual(error.reason, "SignInExpired")
    }).pipe(virtually)
  )

  it.scoped("a cancelled sign-in closes its port", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      let callback = ""
      let opened = () => {}
      const isOpen = new Promise<void>((resolve) => {
        opened = resolve
      })
      const provider = yield* make(sandbox, (url) => {
        callback = new URL(url).searchParams.get("redirect_uri") ?? ""
        opened()
      })
      const signingIn = yield* Effect.fork(provider.signIn)
      yield* Effect.promise(() => isOpen)
      yield* Fiber.interrupt(signingIn)
      const exit = yield* Effect.exit(Effect.tryPromise(() => fetch(callback)))
      assert.strictEqual(exit._tag, "Failure")
    })
  )
})

/** Tests the sign-in with a device code, at the sandbox's provider. */
import { assert, layer } from "@effect/vitest"
import { NodeTokenProvider } from "@innerspace-metrics/node-adapter"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { apiOf, freshSandbox } from "../support/client.js"
import { enterCode } from "../support/person.js"
import { passSleepOf, virtually } from "../support/virtualTime.js"

/** Starts the sign-in of a device, and waits until the device has its code. */
const start = (
  sandbox: Sandbox.Service,
  options: Partial<NodeTokenProvider.DeviceCodeOptions> = {}
) =>
  Effect.gen(function* () {
    const shown = yield* Deferred.make<NodeTokenProvider.DeviceCode>()
    const provider = yield* NodeTokenProvider.deviceCode({
      issuer: sandbox.urls.login,
      clientId: sandbox.signIn.nativeClientId,
      audience: sandbox.signIn.audience,
      onCode: (code) => Effect.asVoid(Deferred.succeed(shown, code)),
      ...options
    }).make({ api: apiOf(sandbox) })
    const signingIn = yield* Effect.fork(provider.signIn)
    const code = yield* Effect.raceFirst(
      Deferred.await(shown),
      Effect.zipRight(Fiber.join(signingIn), Effect.never)
    )
    return { provider, signingIn, code }
  })

const failureOf = <A, E extends { readonly reason: string }>(fiber: Fiber.Fiber<A, E>) =>
  Effect.map(Effect.flip(Fiber.join(fiber)), ({ reason }) => reason)

layer(Sandbox.layer(), { timeout: "1 minute" })("sign-in with a device code", (it) => {
  it.scoped("a device code gives tokens after the person has entered it", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { tenant } = sandbox.signIn.people
      const { code, provider, signingIn } = yield* start(sandbox)
      assert.strictEqual(code.verificationUri, `${sandbox.urls.login}/activate`)
      assert.strictEqual(Duration.toSeconds(code.expiresIn), 900)
      yield* passSleepOf("5 seconds")
      yield* enterCode(code, tenant)
      yield* passSleepOf("5 seconds")
      yield* Fiber.join(signingIn)
      const token = yield* provider.get
      assert.isTrue(Option.isSome(token.expiresAt))
      const person = yield* provider.person
      assert.strictEqual(Option.getOrThrow(person)["sub"], tenant.subject)
    }).pipe(virtually)
  )

  it.scoped("polling for a device code waits 5 seconds longer after each slow_down", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      yield* sandbox.control.inject(
        Fault.refused({ api: "login", status: 429, error: "slow_down", times: 2 })
      )
      const { code, signingIn } = yield* start(sandbox)
      yield* enterCode(code, sandbox.signIn.people.manager)
      yield* passSleepOf("5 seconds")
      yield* passSleepOf("10 seconds")
      yield* passSleepOf("15 seconds")
      yield* Fiber.join(signingIn)
    }).pipe(virtually)
  )

  it.scoped(
    "polling for a device code survives a provider that fails, and becomes less frequent",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        for (const fault of [
          Fault.unavailable({ target: "token", api: "login" }),
          Fault.reset({ target: "token", api: "login" }),
          Fault.html({ target: "token", api: "login", status: 502 })
        ]) {
          yield* sandbox.control.inject(fault)
        }
        const { code, signingIn } = yield* start(sandbox)
        yield* enterCode(code, sandbox.signIn.people.manager)
        for (const wait of [5, 10, 20, 40]) yield* passSleepOf(Duration.seconds(wait))
        yield* Fiber.join(signingIn)
      }).pipe(virtually)
  )

  it.scoped("a person who cancels is SignInDenied, and nobody is signed in", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { code, provider, signingIn } = yield* start(sandbox)
      yield* enterCode(code, "cancel")
      yield* passSleepOf("5 seconds")
      assert.strictEqual(yield* failureOf(signingIn), "SignInDenied")
      assert.isTrue(Option.isNone(yield* provider.person))
      assert.strictEqual((yield* Effect.flip(provider.get)).reason, "SignInRequired")
    }).pipe(virtually)
  )

  it.scoped("a code that the provider has ended is SignInExpired", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { signingIn } = yield* start(sandbox)
      yield* sandbox.control.advance("15 minutes")
      yield* passSleepOf("5 seconds")
      assert.strictEqual(yield* failureOf(signingIn), "SignInExpired")
    }).pipe(virtually)
  )

  it.scoped("a provider that only fails is SignInExpired when the code expires", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      yield* sandbox.control.inject(
        Fault.unavailable({ target: "token", api: "login", times: "always" })
      )
      const { signingIn } = yield* start(sandbox)
      for (const wait of [5, 10, 20, 40]) yield* passSleepOf(Duration.seconds(wait))
      for (let minutes = 0; minutes < 14; minutes++) yield* passSleepOf("1 minute")
      assert.strictEqual(yield* failureOf(signingIn), "SignInExpired")
    }).pipe(virtually)
  )

  it.scoped("a sign-in with a device code can be cancelled, and stops polling", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { signingIn } = yield* start(sandbox)
      yield* passSleepOf("5 seconds")
      const exit = yield* Fiber.interrupt(signingIn)
      assert.isTrue(Exit.isInterrupted(exit))
    }).pipe(virtually)
  )

  it.scoped("an error names no code and no client that it must not", () =>
    Effect.gen(function* () {
      const sandbox = yield* freshSandbox
      const { provider } = yield* start(sandbox, {
        clientId: sandbox.signIn.clientId
      }).pipe(
        Effect.flip,
        Effect.map((error) => ({ provider: error }))
      )
      assert.strictEqual(provider.reason, "CredentialsRefused")
    }).pipe(virtually)
  )
})

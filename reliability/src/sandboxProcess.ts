/**
 * The sandbox in its own process, which runs the commands of the main process. The sockets and the
 * CPU time of the sandbox are therefore separate from the client's sockets and CPU time.
 */
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type Address, Command, type Reply } from "./messages.js"
import { summarize } from "./requestSummary.js"

/** The number of connections from clients. The process has no other sockets. */
const connections = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length

const answer = (
  { control }: Sandbox.Service,
  command: Command
): Effect.Effect<unknown, unknown> => {
  switch (command._tag) {
    case "Reset":
      return control.reset
    case "Inject":
      return Effect.flatMap(
        Schema.decodeUnknown(Schema.Array(Fault.Fault))(command.faults),
        (faults) => Effect.forEach(faults, control.inject, { discard: true })
      )
    case "ExpireTokens":
      return control.expireTokens
    case "ClearFaults":
      return control.clearFaults
    case "SetTokenLifetime":
      return control.setLifetimes({ token: command.seconds * 1000 })
    case "Connections":
      return Effect.sync(connections)
    case "CpuSeconds":
      return Effect.sync(() => {
        const { system, user } = process.cpuUsage()
        return (system + user) / 1e6
      })
    case "Summary":
      return Effect.map(control.requests, summarize)
  }
}

const program = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ seed: 1 })
  process.on("message", (message) => {
    const { command, id } = Schema.decodeUnknownSync(Command)(message)
    Effect.runPromise(answer(sandbox, command)).then(
      (result) => process.send?.({ id, result: result ?? null } satisfies Reply),
      (error: unknown) => process.send?.({ id, error: String(error) } satisfies Reply)
    )
  })
  process.send?.({
    urls: { v1: sandbox.urls.v1, v2: sandbox.urls.v2, login: sandbox.urls.login },
    clientId: sandbox.clientId,
    clientSecret: Redacted.value(sandbox.clientSecret),
    signIn: {
      audience: sandbox.signIn.audience,
      nativeClientId: sandbox.signIn.nativeClientId,
      webClientId: sandbox.signIn.web.clientId,
      webClientSecret: Redacted.value(sandbox.signIn.web.clientSecret),
      username: sandbox.signIn.people.manager.username,
      password: Redacted.value(sandbox.signIn.people.manager.password)
    }
  } satisfies typeof Address.Type)
  yield* Effect.async<void>((resume) => {
    process.once("disconnect", () => resume(Effect.void))
  })
})

Effect.runPromise(Effect.scoped(program)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  }
)

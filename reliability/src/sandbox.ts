/** Starts the process of a sandbox and exchanges messages with it. */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type * as Fault from "@innerspace-metrics/sandbox/Fault"
import { Fault as FaultSchema } from "@innerspace-metrics/sandbox/Fault"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Address, type Command, Reply, Summary } from "./messages.js"

/** The sandbox's process ended, or rejected a command. */
export class SandboxFailed extends Data.TaggedError("SandboxFailed")<{
  readonly message: string
}> {}

/** A sandbox in its own process. */
export interface Sandbox {
  readonly address: Address
  readonly reset: Effect.Effect<void>
  readonly inject: (faults: ReadonlyArray<Fault.Fault>) => Effect.Effect<void>
  readonly clearFaults: Effect.Effect<void>
  readonly expireTokens: Effect.Effect<void>
  readonly setTokenLifetime: (seconds: number) => Effect.Effect<void>
  /** The number of connections from clients. */
  readonly connections: Effect.Effect<number>
  /** The CPU time of the process since it started. */
  readonly cpuSeconds: Effect.Effect<number>
  readonly summary: Effect.Effect<Summary>
}

export const start: Effect.Effect<Sandbox, SandboxFailed, Scope.Scope> = Effect.gen(function* () {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      fork(fileURLToPath(new URL("sandboxProcess.js", import.meta.url)), {
        execArgv: ["--max-old-space-size=4096"]
      })
    ),
    end
  )
  const address = yield* Effect.async<unknown, SandboxFailed>((resume) => {
    child.once("message", (message) => resume(Effect.succeed(message)))
    child.once("exit", (code) =>
      resume(new SandboxFailed({ message: `The sandbox's process ended with ${code}` }))
    )
  }).pipe(
    Effect.flatMap(Schema.decodeUnknown(Address)),
    Effect.mapError((error) => new SandboxFailed({ message: error.message }))
  )
  const waiting = new Map<number, (reply: Reply) => void>()
  let last = 0
  child.on("message", (message) => {
    const reply = Schema.decodeUnknownSync(Reply)(message)
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  const ask = (command: Command): Effect.Effect<unknown> =>
    Effect.async((resume) => {
      last += 1
      waiting.set(last, (reply) =>
        resume(
          "error" in reply
            ? Effect.die(new SandboxFailed({ message: reply.error }))
            : Effect.succeed(reply.result)
        )
      )
      child.send({ id: last, command })
    })
  return {
    address,
    reset: Effect.asVoid(ask({ _tag: "Reset" })),
    inject: (faults) =>
      Effect.asVoid(
        ask({
          _tag: "Inject",
          faults: faults.map((fault) => Schema.encodeSync(FaultSchema)(fault))
        })
      ),
    clearFaults: Effect.asVoid(ask({ _tag: "ClearFaults" })),
    expireTokens: Effect.asVoid(ask({ _tag: "ExpireTokens" })),
    setTokenLifetime: (seconds) => Effect.asVoid(ask({ _tag: "SetTokenLifetime", seconds })),
    connections: Effect.map(ask({ _tag: "Connections" }), Schema.decodeUnknownSync(Schema.Number)),
    cpuSeconds: Effect.map(ask({ _tag: "CpuSeconds" }), Schema.decodeUnknownSync(Schema.Number)),
    summary: Effect.map(ask({ _tag: "Summary" }), Schema.decodeUnknownSync(Summary))
  }
})

const end = (child: ChildProcess): Effect.Effect<void> =>
  Effect.async((resume) => {
    if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
    if (child.connected) child.disconnect()
    else child.kill()
  })

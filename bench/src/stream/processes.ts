/** Starts the processes of the measurement and exchanges messages with them. */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Sandbox from "innerspace-metrics-reliability/sandbox"
import { Interruptions, Result, Task } from "./messages.js"

/** A process that ended before it sent its result. It has printed the cause. */
class ProcessEnded extends Data.TaggedError("ProcessEnded")<{ readonly message: string }> {}

const start = (
  file: string,
  args: ReadonlyArray<string>
): Effect.Effect<ChildProcess, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() =>
      fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: ["--expose-gc"] })
    ),
    (child) =>
      Effect.async<void>((resume) => {
        if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
        child.once("exit", () => resume(Effect.void))
        if (child.connected) child.disconnect()
        else child.kill()
      })
  )

const nextMessage = <A, I>(child: ChildProcess, schema: Schema.Schema<A, I>) =>
  Effect.async<unknown, ProcessEnded>((resume) => {
    const onMessage = (message: unknown) => {
      child.off("exit", onExit)
      resume(Effect.succeed(message))
    }
    const onExit = (code: number | null) => {
      child.off("message", onMessage)
      resume(Effect.fail(new ProcessEnded({ message: `A process ended with ${code}` })))
    }
    child.once("message", onMessage)
    child.once("exit", onExit)
  }).pipe(Effect.flatMap(Schema.decodeUnknown(schema)))

/** Runs a sandbox in its own process until the scope closes. */
export const sandbox = Effect.gen(function* () {
  const started = yield* Sandbox.start
  const { clientId, clientSecret, urls } = started.address
  let before = yield* started.cpuSeconds
  return {
    address: { url: urls.v2, clientId, clientSecret },
    /** The requests and the CPU time of the sandbox since this effect last ran. */
    work: Effect.gen(function* () {
      const cpuSeconds = (yield* started.cpuSeconds) - before
      const { graphql, tokenRequests } = yield* started.summary
      yield* started.reset
      before = yield* started.cpuSeconds
      return { requests: graphql + tokenRequests.length, cpuSeconds }
    })
  }
})

/** Starts a process with a task as JSON, and returns the result that the process sends. */
export const withTask = <T, J, A, I>(
  file: string,
  schema: Schema.Schema<T, J>,
  task: T,
  answer: Schema.Schema<A, I>
) =>
  Effect.scoped(
    Effect.gen(function* () {
      const text = yield* Schema.encode(Schema.parseJson(schema))(task)
      return yield* nextMessage(yield* start(file, [text]), answer)
    })
  )

/** Runs one stream in its own process. */
export const streamRun = (task: Task) => withTask("streamProcess.js", Task, task, Result)

/** In its own process, receives responses with the rows of a stream, and does not read the rows. */
export const receiveRun = (task: Task) => withTask("receiveProcess.js", Task, task, Result)

/** Interrupts several streams, one after the other in one process. */
export const interruptions = (task: Task) =>
  withTask("interruptionProcess.js", Task, task, Interruptions)

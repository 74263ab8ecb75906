/** Starts the processes of the measurement and talks to them. */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Address, Interruptions, Result, Task, Work } from "./messages.js"

/** A process that ended before it answered. It has said why. */
export class ProcessEnded extends Data.TaggedError("ProcessEnded")<{ readonly message: string }> {}

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

/** A sandbox until the scope closes. */
export const sandbox = Effect.gen(function* () {
  const child = yield* start("sandboxProcess.js", [])
  const address = yield* nextMessage(child, Address)
  return {
    address,
    /** What it has done since this was last asked. */
    work: Effect.suspend(() => {
      child.send("work")
      return nextMessage(child, Work)
    })
  }
})

const withTask = <A, I>(file: string, task: Task, answer: Schema.Schema<A, I>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const text = yield* Schema.encode(Schema.parseJson(Task))(task)
      return yield* nextMessage(yield* start(file, [text]), answer)
    })
  )

/** One pull, with nothing else in its process. */
export const pull = (task: Task) => withTask("pullProcess.js", task, Result)

/** Interrupted pulls, one after the other in one process. */
export const interruptions = (task: Task) => withTask("interruptionProcess.js", task, Interruptions)

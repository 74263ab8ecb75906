import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Question, Reply } from "../worker/compiler.js"
import type { WorkerError } from "../worker/WorkerThread.js"
import * as WorkerThread from "../worker/WorkerThread.js"
import * as HasuraError from "./HasuraError.js"
import type { Context, Prepared, Settings } from "./Prepare.js"

/**
 * Compiles operations in its own thread. A document of a megabyte, or fragments that contain other
 * fragments many times, would otherwise block every other request for seconds.
 */
export interface Compiler {
  readonly prepare: (
    context: Context,
    body: string
  ) => Effect.Effect<Prepared, HasuraError.HasuraError>
  /**
   * The next chunk of rows that are made while they are sent, or `undefined` after the last chunk.
   */
  readonly nextRows: (id: number) => Effect.Effect<string | undefined, HasuraError.HasuraError>
  readonly dropRows: (id: number) => Effect.Effect<void>
}

/**
 * The memory limit of the thread, because nested fragments can grow without limit. Usual operations
 * need a tenth of this memory.
 */
const megabytes = 512

export const make = (settings: Settings): Effect.Effect<Compiler, WorkerError, Scope.Scope> =>
  Effect.gen(function* () {
    const thread = yield* WorkerThread.make<Question, Reply>({
      module: new URL("../worker/compiler.js", import.meta.url),
      data: settings,
      megabytes
    })
    const ask = <Tag extends Reply["_tag"]>(tag: Tag, question: Question) =>
      thread.ask(question).pipe(
        Effect.filterOrFail(
          // The thread replies to each kind of question with one kind of reply.
          (reply): reply is Extract<Reply, { readonly _tag: Tag }> => reply._tag === tag,
          () => HasuraError.unexpected
        ),
        Effect.mapError(() => HasuraError.unexpected)
      )
    const rows = (question: Question) => Effect.map(ask("Rows", question), (reply) => reply.text)
    return {
      prepare: (context, body) =>
        Effect.map(ask("Prepared", { _tag: "Prepare", context, body }), (reply) => reply.prepared),
      nextRows: (id) => rows({ _tag: "Next", id }),
      dropRows: (id) => Effect.ignore(rows({ _tag: "Drop", id }))
    }
  })

import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Extension, Question, Reply, Settings } from "../worker/database.js"
import type { WorkerError } from "../worker/WorkerThread.js"
import * as WorkerThread from "../worker/WorkerThread.js"
import type { Database } from "./DatabaseConnection.js"
import { DatabaseError } from "./DatabaseConnection.js"

/**
 * PostgreSQL in its own thread, so that a long statement does not block other requests. The data is
 * in memory, or in a directory that is created if needed. If the thread ends, a new thread opens
 * the directory again, and no written data is lost. Data in memory is lost.
 */
export const open = (
  directory?: string,
  extensions: ReadonlyArray<Extension> = []
): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    const thread = yield* WorkerThread.make<Question, Reply>({
      module: new URL("../worker/database.js", import.meta.url),
      data: { directory, extensions } satisfies Settings,
      ...(directory === undefined
        ? { irreplaceable: "its data was in memory and is lost. Start the sandbox again" }
        : {})
    })
    const ask = (question: Question) => Effect.mapError(thread.ask(question), toDatabaseError)
    return {
      query: (statement, parameters) =>
        Effect.map(ask({ _tag: "Query", statement, parameters }), (reply) =>
          reply._tag === "Rows" ? reply.rows : []
        ),
      json: (statement) =>
        Effect.map(ask({ _tag: "Json", statement }), (reply) =>
          reply._tag === "Json" ? reply.pieces : []
        )
    } satisfies Database
  }).pipe(Effect.mapError((error) => toDatabaseError(error)))

const toDatabaseError = ({ code, message }: WorkerError): DatabaseError =>
  new DatabaseError({
    message: code === undefined ? `the embedded database: ${message}` : message,
    sqlState: code
  })

import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import pg from "pg"
import type { DatabaseError } from "../database/DatabaseConnection.js"
import { fromUnknown } from "../database/DatabaseConnection.js"
import type { Keeper, Rows } from "./Keeper.js"

/** Connections to one database. The next statement replaces a lost connection. */
export interface Pool {
  /** Runs a statement. Interrupting the effect stops the statement. */
  readonly query: (
    statement: string,
    parameters: ReadonlyArray<unknown>
  ) => Effect.Effect<Rows, DatabaseError>
}

const connections = 8
const connectMilliseconds = 10_000

export const make = (
  config: pg.ClientConfig,
  keeper: Keeper
): Effect.Effect<Pool, never, Scope.Scope> =>
  Effect.gen(function* () {
    const processes = new WeakMap<pg.ClientBase, number>()
    const pool = yield* Effect.acquireRelease(
      Effect.sync(() => {
        const made = new pg.Pool({
          ...config,
          max: connections,
          connectionTimeoutMillis: connectMilliseconds,
          onConnect: async (client) => {
            const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid")
            for (const { pid } of rows) processes.set(client, pid)
          }
        })
        // The pool drops an idle connection that breaks, and emits an `error` event. Without a
        // listener, this event would end the process.
        made.on("error", () => {})
        return made
      }),
      (made) => Effect.promise(() => made.end())
    )

    const cancel = (client: pg.ClientBase) =>
      Effect.ignore(keeper.query("select pg_cancel_backend($1)", [processes.get(client)]))

    const once = (
      statement: string,
      parameters: ReadonlyArray<unknown>
    ): Effect.Effect<Rows, unknown> =>
      Effect.async((resume) => {
        let isWanted = true
        let stopping: Promise<void> | undefined
        let busy: pg.PoolClient | undefined
        const work = async (): Promise<Rows> => {
          const client = await pool.connect()
          let broken = false
          try {
            if (!isWanted) return []
            busy = client
            const { rows } = await client.query<Record<string, unknown>>(statement, [...parameters])
            return rows
          } catch (error) {
            broken = isLost(error)
            throw error
          } finally {
            busy = undefined
            // Release the connection only when the cancellation is done, because a late
            // cancellation would stop the next statement.
            await stopping
            client.release(broken)
          }
        }
        work().then(
          (rows) => resume(Effect.succeed(rows)),
          (error: unknown) => resume(Effect.fail(error))
        )
        return Effect.sync(() => {
          isWanted = false
          if (busy !== undefined) stopping = Effect.runPromise(cancel(busy))
        })
      })

    return {
      query: (statement, parameters) => {
        const result = once(statement, parameters)
        return (
          isRepeatable(statement)
            ? // All connections of the pool may be lost. Each lost connection fails one attempt, so
              // there are more attempts than connections.
              Effect.retry(result, { times: connections + 1, while: isLost })
            : result
        ).pipe(Effect.mapError(fromUnknown))
      }
    }
  })

/**
 * Whether a statement may run twice. This is true for reads, and for insertions that replace or
 * keep existing rows.
 */
const isRepeatable = (statement: string): boolean =>
  /^\s*select\b/i.test(statement) ||
  (/^\s*insert\b/i.test(statement) && /\bon conflict\b/i.test(statement))

/**
 * Whether the server is shutting down or did not respond. Every other error is a response to the
 * statement.
 */
const isLost = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || /^(08|57P0)/.test(error.code ?? "")

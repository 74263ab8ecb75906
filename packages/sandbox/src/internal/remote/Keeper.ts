import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import pg from "pg"
import { DatabaseError, fromUnknown } from "../database/DatabaseConnection.js"
import { realSleep } from "../http/realTime.js"

export type Rows = ReadonlyArray<Readonly<Record<string, unknown>>>

/** A connection that holds a lock. The lock shows other sandboxes that this sandbox is alive. */
export interface Keeper {
  readonly query: (
    statement: string,
    parameters: ReadonlyArray<unknown>
  ) => Effect.Effect<Rows, DatabaseError>
}

const retryMilliseconds = 100

/**
 * Connects and acquires the lock. A lost connection is always opened again. `restored` runs when
 * the lock is held again.
 */
export const make = (
  config: pg.ClientConfig,
  lock: readonly [number, number],
  restored: () => Effect.Effect<void>
): Effect.Effect<Keeper, DatabaseError, Scope.Scope> =>
  Effect.gen(function* () {
    let current: pg.Client | undefined

    const connect = Effect.acquireRelease(
      Effect.tryPromise({
        try: async () => {
          const client = new pg.Client(config)
          // If the connection breaks, its statements fail, and the client emits an `error` event.
          // Without a listener, this event would end the process.
          client.on("error", () => {})
          const ended = new Promise<void>((resolve) => client.once("end", () => resolve()))
          try {
            await client.connect()
            return { client, ended }
          } catch (error) {
            await client.end().catch(() => {})
            throw error
          }
        },
        catch: connectFailure
      }),
      ({ client }) => Effect.promise(() => client.end().catch(() => {}))
    ).pipe(
      Effect.tap(({ client }) =>
        Effect.zipRight(
          on(client, "select pg_advisory_lock($1, $2)", lock),
          Effect.sync(() => {
            current = client
          })
        )
      )
    )

    const first = yield* connect
    const again: Effect.Effect<void> = Effect.scoped(
      Effect.gen(function* () {
        const { ended } = yield* connect
        yield* restored()
        yield* Effect.promise(() => ended)
      })
    ).pipe(
      Effect.catchAll(() => realSleep(retryMilliseconds)),
      Effect.forever
    )
    yield* Effect.forkScoped(
      Effect.zipRight(
        Effect.promise(() => first.ended),
        again
      )
    )
    return {
      query: (statement, parameters) =>
        Effect.suspend(() =>
          current === undefined ? Effect.fail(notConnected) : on(current, statement, parameters)
        )
    }
  })

const on = (
  client: pg.Client,
  statement: string,
  parameters: ReadonlyArray<unknown>
): Effect.Effect<Rows, DatabaseError> =>
  Effect.tryPromise({
    try: () => client.query<Record<string, unknown>>(statement, [...parameters]),
    catch: fromUnknown
  }).pipe(Effect.map((result) => result.rows))

const notConnected = new DatabaseError({
  sqlState: undefined,
  message: "the connection to the database was lost"
})

const connectFailure = (error: unknown): DatabaseError => {
  const failure = fromUnknown(error)
  return new DatabaseError({
    sqlState: failure.sqlState,
    message:
      `cannot connect to the database of databaseUrl: ${failure.message}. ` +
      "Check that the server is running and that the URL is correct, " +
      "or leave databaseUrl out to use the embedded database"
  })
}

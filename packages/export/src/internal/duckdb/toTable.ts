/** Writes the rows of a query to a table of a database: the whole table or nothing. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Write } from "../formats/target.js"
import { connect, identifier, transaction } from "./connection.js"
import { append, definitions } from "./table.js"

export const toTable =
  (path: string, table: string): Write =>
  (columns, batches) =>
    Effect.scoped(
      Effect.flatMap(connect(path), (connection) =>
        transaction(
          connection,
          Effect.gen(function* () {
            yield* connection.step(`create ${table} in`, (database) =>
              database.run(`CREATE OR REPLACE TABLE ${identifier(table)} (${definitions(columns)})`)
            )
            const appender = yield* append(connection, table, columns)
            const rows = yield* Stream.runFoldEffect(batches, 0, (rows, batch) =>
              Effect.as(appender.write(batch), rows + batch.length)
            )
            yield* appender.end
            return { rows, bytes: undefined }
          })
        )
      )
    )

/**
 * Loads the reader of columns when the first stream of columns begins. `columns` is a method of the
 * client, so no bundler can leave out its code. The code behind an `import()`, however, is not part
 * of the page.
 */
import * as Effect from "effect/Effect"
import type { ColumnBatch } from "../../ColumnBatch.js"
import { type CallError, TransportError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import { tools } from "../columns/tools.js"
import type { PageReader } from "./page.js"

export const columnsReaderOf = <Row>(
  query: Query<Row>
): Effect.Effect<PageReader<Row, ColumnBatch<Row>, ColumnBatch<Row>>, CallError> =>
  Effect.flatMap(
    Effect.tryPromise({
      try: () => import("../columns/reader.js"),
      catch: () =>
        new TransportError({
          reason: "Unreachable",
          problem: "Cannot load columns",
          hint: "Try again"
        })
    }),
    ({ readerOf }) => readerOf(query, tools)
  )

/**
 * Loads the reader of columns when a stream of them begins. A client has `columns` as a method, so
 * no bundler can leave its code out, but what is behind an `import()` is not a part of the page.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { ColumnBatch } from "../../ColumnBatch.js"
import { type CallError, DecodeError, QueryError, TransportError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import { showing } from "../redact/shownValues.js"
import { columnOf } from "../scalar/decode.js"
import { shorten } from "../shorten.js"
import { isSameKey, type PageReader } from "../stream/page.js"

/** What the reader needs of the page: it imports nothing that the page has already. */
export const tools = {
  DecodeError,
  QueryError,
  columnOf,
  isSameKey,
  left: Either.left,
  right: Either.right,
  shorten,
  showing
}

export type Tools = typeof tools

export const columnsReaderOf = <Row>(
  query: Query<Row>
): Effect.Effect<PageReader<Row, ColumnBatch<Row>, ColumnBatch<Row>>, CallError> =>
  Effect.flatMap(
    Effect.tryPromise({
      try: () => import("./reader.js"),
      catch: () =>
        new TransportError({
          reason: "Unreachable",
          problem: "The code for columns did not load",
          hint: "Try again"
        })
    }),
    ({ readerOf }) => readerOf(query, tools)
  )

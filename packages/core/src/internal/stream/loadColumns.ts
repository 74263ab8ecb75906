/**
 * Loads the reader of columns when a stream of them begins. A client has `columns` as a method, so
 * no bundler can leave its code out, but what is behind an `import()` is not a part of the page.
 */
import * as Effect from "effect/Effect"
import type { ColumnBatch } from "../../ColumnBatch.js"
import type { CallError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import { tools } from "../columns/tools.js"
import { load } from "../load.js"
import type { PageReader } from "./page.js"

export const columnsReaderOf = <Row>(
  query: Query<Row>
): Effect.Effect<PageReader<Row, ColumnBatch<Row>, ColumnBatch<Row>>, CallError> =>
  Effect.flatMap(
    load("columns", () => import("../columns/reader.js")),
    ({ readerOf }) => readerOf(query, tools)
  )

/**
 * When the first stream of columns begins, loads the code that reads columns. `columns` is a method
 * of the client, so a bundler cannot leave out the code of this method. Because of the `import()`,
 * a web app that streams no columns does not load the code that reads them.
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
  Effect.flatMap(loadReader, ({ readerOf }) => readerOf(query, tools))

const loadReader = /* @__PURE__ */ load("columns", () => import("../columns/reader.js"))

/** Makes one stream of rows from a query over a time range. */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { loadColumns, loadStreams } from "#loaders"
import type { ColumnBatch } from "../../ColumnBatch.js"
import type { CallError, QueryError, TransportError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import type * as Streaming from "../../Streaming.js"
import { lazyStream } from "./lazyStream.js"
import type * as running from "./loaded.js"
import type { PageSource } from "./page.js"
import type { Run } from "./run.js"

/** Streams the rows one by one. */
export const rows = <Row>(
  source: PageSource,
  query: Query<Row>,
  options: Streaming.Options
): Stream.Stream<Row, CallError> =>
  stream(({ begin, rowsReaderOf }) => begin(source, query, options, rowsReaderOf<Row>))

/** Streams the rows in batches of columns. */
export const columns = <Row>(
  source: PageSource,
  query: Query<Row>,
  options: Streaming.Options
): Stream.Stream<ColumnBatch<Row>, CallError> =>
  stream(({ begin, tools }) =>
    begin(source, query, options, (query) =>
      Effect.flatMap(loadColumns, ({ readerOf }) => readerOf(query, tools))
    )
  )

/** Returns the plan of a stream of the query. */
export const plan = <Row>(
  source: PageSource,
  query: Query<Row>,
  options: Streaming.Options
): Effect.Effect<Streaming.Plan, QueryError | TransportError> =>
  Effect.flatMap(loadStreams, ({ plan }) => plan(source, query, options))

const stream = <Item>(
  begin: (loaded: typeof running) => Effect.Effect<Run<Item>, CallError>
): Stream.Stream<Item, CallError> =>
  lazyStream(Effect.map(loadStreams, (loaded) => loaded.channelOf(begin(loaded))))

/** Makes one stream of rows from a query over a time range. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { loadStreams } from "#loaders"
import type { ColumnBatch } from "../../ColumnBatch.js"
import type { CallError, QueryError, TransportError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import type * as Streaming from "../../Streaming.js"
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
  stream(({ begin, columnsReaderOf }) => begin(source, query, options, columnsReaderOf<Row>))

/** Returns the plan of a stream of the query. */
export const plan = <Row>(
  source: PageSource,
  query: Query<Row>,
  options: Streaming.Options
): Effect.Effect<Streaming.Plan, QueryError | TransportError> =>
  Effect.flatMap(loadStreams, ({ plan }) => plan(source, query, options))

/**
 * Makes a stream. This module uses only constructors of Effect's module `Stream`. The app itself
 * imports the functions that run a stream, such as `Stream.runForEach`, so an app that runs no
 * stream does not load these functions.
 */
const stream = <Item>(
  begin: (loaded: typeof running) => Effect.Effect<Run<Item>, CallError>
): Stream.Stream<Item, CallError> =>
  Stream.suspend(() => {
    let begun: Run<Item> | undefined
    const run = Effect.suspend(() =>
      begun === undefined
        ? Effect.tap(Effect.flatMap(loadStreams, begin), (run) => {
            begun = run
          })
        : Effect.succeed(begun)
    )
    return Stream.repeatEffectChunkOption(
      Effect.flatMap(Effect.mapError(run, Option.some), (run) => run.rows)
    ).pipe(
      Stream.ensuring(
        Effect.suspend(() =>
          begun === undefined ? Effect.void : Scope.close(begun.scope, Exit.void)
        )
      )
    )
  })

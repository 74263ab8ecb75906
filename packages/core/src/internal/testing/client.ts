/**
 * The client of the module `testing`. It checks queries and decodes responses like a real client.
 * The responses come from the test.
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import type { DocumentNode } from "graphql"
import type { JsonValue } from "../../JsonValue.js"
import type { MetricsClient } from "../../MetricsClient.js"
import { type CallError, QueryError } from "../../MetricsError.js"
import * as Operation from "../../Operation.js"
import type { Query } from "../../Query.js"
import * as QueryBuilder from "../../QueryBuilder.js"
import type { TestAnswer } from "../../testing.js"
import { sliceOf } from "../columns/batch.js"
import { batchOfJson } from "../columns/reader.js"
import { tools } from "../columns/tools.js"
import { withCall } from "../errors.js"
import { printDocument } from "../graphql/print.js"
import type { Answers, QueryRecord } from "../queryRecord.js"
import { decodeSchema } from "../rows/decodeSchema.js"
import { plainStep, plainValue } from "../rows/plainValue.js"
import { plan } from "../stream/plan.js"
import { batchOfRows } from "./columnsOfRows.js"
import { answerFromRows } from "./recordedRows.js"

type AnyQuery = Query<unknown, unknown, unknown>

interface TestClient {
  readonly client: MetricsClient
  /** The operations of all calls up to now. */
  readonly operations: ReadonlyArray<Operation.Operation<unknown>>
}

export const makeTestClient = (answers: ReadonlyArray<TestAnswer>): TestClient => {
  const operations: Array<Operation.Operation<unknown>> = []
  const note = (operation: Operation.Operation<unknown>) =>
    Effect.sync(() => {
      operations.push(operation)
    })

  const answerOf = <A>(query: Query<unknown, unknown, A>): Effect.Effect<A, CallError> =>
    Effect.flatMap(QueryBuilder.build(query), (operation) => answerTo(answers, query, operation))

  const query: MetricsClient["query"] = (query) =>
    Effect.flatMap(QueryBuilder.build(query), (operation) =>
      Effect.zipRight(note(operation), answerTo(answers, query, operation))
    ).pipe(named(query.operationName))

  return {
    operations,
    client: {
      query,
      queryAll: <Queries extends QueryRecord>(
        queries: Queries,
        options?: { readonly operationName?: string }
      ) => {
        const operationName = options?.operationName ?? "queries"
        return QueryBuilder.buildAll(operationName, queries).pipe(
          Effect.tap(note),
          Effect.zipRight(Effect.all(Object.values(queries).map(answerOf))),
          Effect.map((values) => {
            const keys = Object.keys(queries)
            // The value under each key is the result of the query under this key.
            return Object.fromEntries(
              values.map((value, index) => [keys[index], value])
            ) as Answers<Queries>
          }),
          named(operationName)
        )
      },
      stream: (query, options = {}) =>
        Stream.unwrap(
          Effect.gen(function* () {
            const { pageSize, windows } = yield* plan(source, query, options)
            yield* note(yield* QueryBuilder.build(query))
            const rows = yield* answerOf(query)
            let consumed = 0
            return Stream.fromChunk(Chunk.fromIterable(rows)).pipe(
              Stream.rechunk(pageSize),
              Stream.chunks,
              Stream.flatMap((page) => {
                const note = Effect.suspend(() => {
                  consumed += page.length
                  return (
                    options.onProgress?.({
                      done: consumed === rows.length ? windows.length : 0,
                      total: windows.length,
                      rows: consumed,
                      resume: undefined
                    }) ?? Effect.void
                  )
                })
                // As in a real client, `onProgress` is called when more rows are requested.
                return Stream.concat(Stream.fromChunk(page), Stream.execute(note))
              })
            )
          }).pipe(named(query.operationName))
        ),
      columns: (query, options = {}) =>
        Stream.unwrap(
          Effect.gen(function* () {
            const { pageSize } = yield* plan(source, query, options)
            const operation = yield* QueryBuilder.build(query)
            yield* note(operation)
            const recorded = yield* recordedRows(answers, query, operation)
            const batch = yield* recorded === undefined
              ? Effect.flatMap(answerOf(query), (rows) => batchOfRows(query, rows))
              : batchOfJson(query, recorded, tools)
            const starts = Array.from(
              { length: Math.ceil(batch.length / pageSize) },
              (_, page) => page * pageSize
            )
            return Stream.fromIterable(
              starts.map((start) => sliceOf(batch, start, start + pageSize))
            )
          }).pipe(named(query.operationName))
        ),
      plan: (query, options) => plan(source, query, options ?? {}),
      execute: (request) => {
        const text = textOf(request.document)
        const found = answers.find(
          (candidate) => candidate._tag === "Document" && textOf(candidate.document) === text
        )
        const data = found?._tag === "Document" ? found.data : Effect.fail(unanswered(text))
        return Effect.flatMap(data, decodeSchema(request.schema)).pipe(named(request.operationName))
      },
      schema: Effect.fail(unanswered("query IntrospectionQuery"))
    }
  }
}

/** The part of a client that a plan needs. A plan needs no `call`, because it sends nothing. */
const source = { builder: QueryBuilder.service }

const answerTo = <A>(
  answers: ReadonlyArray<TestAnswer>,
  query: Query<unknown, unknown, A>,
  operation: Operation.Operation<A>
): Effect.Effect<A, CallError> =>
  Effect.gen(function* () {
    for (const candidate of answers) {
      if (candidate._tag === "Query" && (yield* isSame(candidate.query, query, operation))) {
        const given = yield* candidate.answer
        // Equal queries have results of the same type, and the function `answer` accepts only a
        // result of this type.
        return (isPlain(query) ? plainValue(given) : given) as A
      }
    }
    const { root, table } = query
    for (const candidate of answers) {
      if (
        candidate._tag === "Table" &&
        candidate.table.name === table.name &&
        root._tag !== "Aggregate"
      ) {
        const rows = yield* candidate.rows
        return yield* operation.decode(
          answerFromRows(operation.document, operation.variables, rows, root._tag)
        )
      }
    }
    return yield* unanswered(
      Either.getOrElse(Operation.toInlineText(operation), () => Operation.toText(operation))
    )
  })

/**
 * The recorded rows of a table, as JSON. This JSON keeps all digits, unlike decoded rows, which may
 * have lost some digits.
 */
const recordedRows = (
  answers: ReadonlyArray<TestAnswer>,
  query: AnyQuery,
  { document, variables }: Operation.Operation<unknown>
): Effect.Effect<JsonValue | undefined, CallError> =>
  Effect.gen(function* () {
    for (const candidate of answers) {
      // If there may be an answer to the query itself, `answerTo` looks for it.
      if (candidate._tag === "Query" && candidate.query.table.name === query.table.name) {
        return undefined
      }
    }
    for (const candidate of answers) {
      if (candidate._tag !== "Table" || candidate.table.name !== query.table.name) continue
      const [rows] = Object.values(
        answerFromRows(document, variables, yield* candidate.rows, "Rows")
      )
      return rows
    }
    return undefined
  })

const isSame = (
  candidate: AnyQuery,
  query: AnyQuery,
  operation: Operation.Operation<unknown>
): Effect.Effect<boolean> =>
  Effect.match(QueryBuilder.build(candidate), {
    onFailure: () => false,
    onSuccess: (built) => identity(candidate, built) === identity(query, operation)
  })

const isPlain = ({ decoders }: AnyQuery): boolean => decoders.includes(plainStep)

/**
 * A text that is equal for two queries if one answer can be used for both queries. `Query.plain`
 * does not change this text, because `answerTo` makes the values of an answer plain if the query
 * requires plain values.
 */
const identity = ({ decoders, isRaw }: AnyQuery, operation: Operation.Operation<unknown>): string =>
  JSON.stringify([
    Operation.toText(operation),
    operation.variables,
    isRaw,
    decoders.flatMap(({ name }) => name ?? [])
  ])

const textOf = (document: string | DocumentNode): string =>
  typeof document === "string" ? document : printDocument(document)

const unanswered = (text: string): QueryError =>
  new QueryError({
    reason: "UnknownTable",
    problem: `layerTest has no answer for ${text}`,
    hint: "Pass it an answer for this query, or recorded rows of its table"
  })

/**
 * Adds the details of a call to an error that the test has provided: the operation's name, and one
 * attempt.
 */
const named =
  (operationName: string | undefined) =>
  <A, R>(call: Effect.Effect<A, CallError, R>): Effect.Effect<A, CallError, R> =>
    Effect.mapError(call, (error) =>
      withCall(error, {
        operationName: error.operationName ?? operationName,
        attempts: error.attempts ?? (error._tag === "QueryError" ? 0 : 1)
      })
    )

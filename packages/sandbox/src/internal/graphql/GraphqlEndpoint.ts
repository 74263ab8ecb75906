import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type { GraphQLSchema } from "graphql"
import { execute } from "graphql"
import type { Handler } from "graphql-http"
import { createHandler } from "graphql-http"
import type { Database } from "../DatabaseConnection.js"
import type { Answer } from "../http/Answer.js"
import { json } from "../http/Answer.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import type { Compiled, GraphqlRequest, TablePlan } from "./compile.js"
import { compile } from "./compile.js"
import { fromDatabase } from "./databaseRefusal.js"
import * as HasuraError from "./HasuraError.js"
import { parseBody, parseRequest } from "./requestBody.js"
import type { ExecutionContext, Row } from "./schema.js"
import * as Schema from "./schema.js"
import type { SqlOptions } from "./sql.js"
import { columnAlias, statement } from "./sql.js"
import type { Table } from "./Table.js"

export interface Options extends SqlOptions {
  readonly tables: ReadonlyArray<Table>
  readonly database: Database
  readonly verify: (request: IncomingRequest) => Effect.Effect<void, HasuraError.HasuraError>
}

/** A checked operation with the rows that it asked for: nothing is left but to put them in the shape of the query. */
interface Prepared {
  readonly compiled: Compiled
  readonly request: GraphqlRequest
  readonly context: ExecutionContext
}

/**
 * A GraphQL endpoint that answers as Hasura does: status 200 for its own refusals, one error and no `data` beside it, a
 * request id on success only, and one object, not a list, for a batch that fails before it is split.
 */
export const make = (options: Options): ((request: IncomingRequest) => Effect.Effect<Answer>) => {
  const schema = Schema.build(options.tables)
  const tables = new Map(options.tables.map((table) => [table.name, table]))
  const handler = makeHandler(schema)
  const run = (input: unknown) =>
    Effect.gen(function* () {
      const request = yield* parseRequest(input)
      const compiled = yield* Effect.try({
        try: () => compile(schema, tables, request),
        catch: unexpected
      })
      const rows = yield* Effect.forEach(compiled.plans, (plan) => queryRows(options, plan))
      return yield* present(handler, { compiled, request, context: { rows: new Map(rows) } })
    })

  return (request) =>
    Effect.gen(function* () {
      if (request.method !== "POST") return yield* Effect.fail(persistedQueriesOff)
      yield* options.verify(request)
      const body = yield* parseBody(request.body)
      const text = Array.isArray(body)
        ? `[${(yield* Effect.forEach(body, (item) => settle(run(item)))).join(",")}]`
        : yield* run(body)
      return {
        status: 200,
        headers: {
          "content-type": "application/json; charset=utf-8",
          "x-request-id": request.headers["x-request-id"] ?? randomUUID()
        },
        body: text
      }
    }).pipe(Effect.catchAll((error) => Effect.succeed(refuse(error))))
}

const makeHandler = (schema: GraphQLSchema): Handler<undefined, Prepared> =>
  createHandler<undefined, Prepared, Prepared["context"] & Record<PropertyKey, unknown>>({
    schema,
    // Under a bundler or a test runner the library may get another copy of graphql-js, which would refuse this schema.
    execute,
    onSubscribe: ({ context: { compiled, request, context } }) => ({
      schema,
      document: compiled.document,
      contextValue: { ...context },
      variableValues: request.variables
    }),
    onOperation: (_request, _args, result) => {
      const first = "errors" in result ? result.errors?.[0] : undefined
      if (first === undefined) return
      return [
        JSON.stringify(HasuraError.graphqlBody(HasuraError.validationFailed(first.message))),
        { status: 200, statusText: "OK" }
      ]
    }
  })

/** The request has been read and checked, so the library gets it in the one form that it cannot refuse. */
const present = (
  handler: Handler<undefined, Prepared>,
  prepared: Prepared
): Effect.Effect<string, HasuraError.HasuraError> =>
  Effect.tryPromise({
    try: () =>
      handler({
        method: "POST",
        url: "/",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: { query: prepared.request.query },
        raw: undefined,
        context: prepared
      }),
    catch: unexpected
  }).pipe(Effect.map(([body]) => body ?? ""))

const queryRows = (
  options: Options,
  plan: TablePlan
): Effect.Effect<readonly [string, ReadonlyArray<Row>], HasuraError.HasuraError> => {
  const compiled = statement(plan, options)
  return options.database.query(compiled.sql, compiled.parameters).pipe(
    Effect.mapError(fromDatabase),
    Effect.flatMap((result) => parseRows(plan, result[0]?.["rows"])),
    Effect.map((rows) => [plan.responseKey, rows])
  )
}

/** The statement gives one JSON array of objects as text; its columns get the names of the answer here. */
const parseRows = (
  plan: TablePlan,
  text: unknown
): Effect.Effect<ReadonlyArray<Row>, HasuraError.HasuraError> =>
  Effect.try({
    try: (): ReadonlyArray<Row> => {
      const rows: ReadonlyArray<Row> = JSON.parse(String(text))
      return rows.map((row) =>
        Object.fromEntries(
          plan.columns.map((selected, index) => [selected.responseKey, row[columnAlias(index)]])
        )
      )
    },
    catch: unexpected
  })

const settle = (effect: Effect.Effect<string, HasuraError.HasuraError>): Effect.Effect<string> =>
  Effect.merge(Effect.mapError(effect, (error) => JSON.stringify(HasuraError.graphqlBody(error))))

const unexpected = (error: unknown): HasuraError.HasuraError =>
  error instanceof HasuraError.HasuraError
    ? error
    : HasuraError.make("unexpected", "Internal Server Error", { status: 500 })

/** What a request that is not a POST was seen to get from the vendor's v2. */
const persistedQueriesOff = HasuraError.make(
  "not-supported",
  "Automatic Persisted Queries is not enabled"
)

/** Only 401 keeps its status, which is how a refused session shows. */
const refuse = (error: HasuraError.HasuraError): Answer =>
  json(error.status === 401 ? 401 : 200, HasuraError.graphqlBody(error))

import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type { GraphQLSchema } from "graphql"
import { execute } from "graphql"
import type { Handler } from "graphql-http"
import { createHandler } from "graphql-http"
import type { Database } from "../DatabaseConnection.js"
import type { Answer } from "../http/Answer.js"
import { json, whole } from "../http/Answer.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import type { RowPermission } from "../login/HasuraClaims.js"
import type { Role } from "../Role.js"
import type { SandboxClock } from "../SandboxClock.js"
import * as bigBuilding from "../synthetic/bigBuilding.js"
import type { Compiled, GraphqlRequest, View } from "./compile.js"
import { compile } from "./compile.js"
import { fromDatabase } from "./databaseRefusal.js"
import * as HasuraError from "./HasuraError.js"
import type { Plan } from "./Plan.js"
import { parseBody, parseRequest } from "./requestBody.js"
import * as Schema from "./schema.js"
import { shape } from "./shape.js"
import type { SqlOptions } from "./sql.js"
import { statement } from "./sql.js"
import type { Table } from "./Table.js"

export interface Options {
  /** The tables as a role sees them that may aggregate, or may not. */
  readonly tables: (aggregations: boolean) => ReadonlyArray<Table>
  readonly database: Database
  readonly clock: SandboxClock
  readonly role: () => Role
  readonly stringifyNumericTypes: boolean
  readonly verify: (
    request: IncomingRequest
  ) => Effect.Effect<RowPermission, HasuraError.HasuraError>
}

/** A checked operation with the rows that it asked for: nothing is left but to put them in the shape of the query. */
interface Prepared {
  readonly compiled: Compiled
  readonly request: GraphqlRequest
  /** The value of each root field, by the name that the query gave it. */
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * A GraphQL endpoint that answers as Hasura does: status 200 for its own refusals, one error and no `data` beside it, a
 * request id on success only, and one object, not a list, for a batch that fails before it is split.
 */
export const make = (options: Options): ((request: IncomingRequest) => Effect.Effect<Answer>) => {
  const views = { plain: viewOf(options, false), aggregating: viewOf(options, true) }
  const run = (permission: RowPermission) => (input: unknown) =>
    Effect.gen(function* () {
      const request = yield* parseRequest(input)
      const role = options.role()
      const { handler, ...view } = role.allowAggregations ? views.aggregating : views.plain
      const compiled = yield* Effect.try({
        try: () => compile({ ...view, introspection: role.introspection }, request),
        catch: unexpected
      })
      const limits = limitsOf(options, role, permission)
      const streamed = yield* stream(limits, request, compiled)
      if (streamed !== undefined) return streamed
      const values = yield* Effect.forEach(compiled.plans, (plan) =>
        answerOf(options.database, limits, plan)
      )
      const data = Object.fromEntries(values)
      return yield* present(handler, { compiled, request, data })
    })

  return (request) =>
    Effect.gen(function* () {
      if (request.method !== "POST") return yield* Effect.fail(persistedQueriesOff)
      const answer = run(yield* options.verify(request))
      const body = yield* parseBody(request.body)
      const text = Array.isArray(body)
        ? `[${(yield* Effect.forEach(body, (item) => settle(answer(item)))).map(whole).join(",")}]`
        : yield* answer(body)
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

const viewOf = (
  options: Options,
  aggregations: boolean
): Omit<View, "introspection"> & { readonly handler: Handler<undefined, Prepared> } => {
  const tables = options.tables(aggregations)
  const schema = Schema.build(tables)
  return { tables, schema, handler: makeHandler(schema) }
}

const makeHandler = (schema: GraphQLSchema): Handler<undefined, Prepared> =>
  createHandler<undefined, Prepared>({
    schema,
    // Under a bundler or a test runner the library may get another copy of graphql-js, which would refuse this schema.
    execute,
    onSubscribe: ({ context: { compiled, data, request } }) => ({
      schema,
      document: compiled.document,
      rootValue: data,
      // Everything has the name of the answer already, so two paths into one column are two values.
      fieldResolver: (source: Readonly<Record<string, unknown>>, _args, _context, info) =>
        source[info.path.key],
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

/** Rows that are in no database are sent while they are made, if the operation asks for them alone. */
const stream = (
  limits: SqlOptions,
  request: GraphqlRequest,
  { plans }: Compiled
): Effect.Effect<Iterable<string> | undefined, HasuraError.HasuraError> => {
  const [plan, ...others] = plans
  // Names with two underscores are for graphql-js to answer.
  if (plan?._tag !== "Rows" || others.length > 0 || request.query.includes("__")) {
    return Effect.succeed(undefined)
  }
  if (!bigBuilding.isAskedFor(plan.select, limits.buildings)) return Effect.succeed(undefined)
  return Effect.try({
    try: () => jsonOf(plan.responseKey, bigBuilding.rows(plan.select, limits)),
    catch: unexpected
  })
}

const limitsOf = (
  { clock, stringifyNumericTypes }: Options,
  { rowLimit }: Role,
  { buildings }: RowPermission
): SqlOptions => ({ stringifyNumericTypes, rowLimit, buildings, now: clock.now() })

const chunkLength = 65_536

function* jsonOf(responseKey: string, rows: Iterable<string>): Iterable<string> {
  let chunk = `{"data":{${JSON.stringify(responseKey)}:[`
  let separator = ""
  for (const row of rows) {
    chunk += separator + row
    separator = ","
    if (chunk.length > chunkLength) {
      yield chunk
      chunk = ""
    }
  }
  yield `${chunk}]}}`
}

const answerOf = (
  database: Database,
  limits: SqlOptions,
  plan: Plan
): Effect.Effect<readonly [string, unknown], HasuraError.HasuraError> => {
  if (plan._tag === "Rows" && bigBuilding.isAskedFor(plan.select, limits.buildings)) {
    return Effect.try({
      try: () => {
        const rows = [...bigBuilding.rows(plan.select, limits)]
        return [plan.responseKey, JSON.parse(`[${rows.join(",")}]`)] as const
      },
      catch: unexpected
    })
  }
  const compiled = statement(plan, limits)
  return database.query(compiled.sql, compiled.parameters).pipe(
    Effect.mapError(fromDatabase),
    Effect.flatMap((result) =>
      Effect.try({
        try: () => [plan.responseKey, shape(plan, parseJson(result[0]?.["value"]))] as const,
        catch: unexpected
      })
    )
  )
}

/** The statement gives JSON as text, or null for a row that is not there. */
const parseJson = (text: unknown): unknown => (typeof text === "string" ? JSON.parse(text) : null)

const settle = (
  effect: Effect.Effect<string | Iterable<string>, HasuraError.HasuraError>
): Effect.Effect<string | Iterable<string>> =>
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

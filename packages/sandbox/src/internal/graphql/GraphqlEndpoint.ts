import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type { Database } from "../DatabaseConnection.js"
import type { Answer } from "../http/Answer.js"
import { json, whole } from "../http/Answer.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import type { RowPermission } from "../login/HasuraClaims.js"
import type { Role } from "../Role.js"
import type { SandboxClock } from "../SandboxClock.js"
import * as bigBuilding from "../synthetic/bigBuilding.js"
import type { Compiled, GraphqlRequest, Introspected, View } from "./compile.js"
import { compile } from "./compile.js"
import { fromDatabase } from "./databaseRefusal.js"
import * as HasuraError from "./HasuraError.js"
import type { Plan } from "./Plan.js"
import { parseBody, persistedQueriesOff } from "./requestBody.js"
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

/**
 * A GraphQL endpoint that answers as Hasura does: status 200 for its own refusals, one error and no `data` beside it, a
 * request id on success only, and one object, not a list, for a batch that fails before it is split.
 */
export const make = (options: Options): ((request: IncomingRequest) => Effect.Effect<Answer>) => {
  const views = { plain: viewOf(options, false), aggregating: viewOf(options, true) }
  const run = (permission: RowPermission) => (request: GraphqlRequest) =>
    Effect.gen(function* () {
      const role = options.role()
      const view = role.allowAggregations ? views.aggregating : views.plain
      const compiled = yield* Effect.try({
        try: () => compile({ ...view, introspection: role.introspection }, request),
        catch: unexpected
      })
      const limits = limitsOf(options, role, permission)
      const streamed = yield* stream(limits, compiled)
      if (streamed !== undefined) return streamed
      const values = yield* Effect.forEach(compiled.fields, (field) =>
        answerOf(options.database, limits, field)
      )
      return `{"data":{${values.join(",")}}}`
    })

  return (request) =>
    Effect.gen(function* () {
      if (request.method !== "POST") return yield* Effect.fail(persistedQueriesOff)
      const answer = run(yield* options.verify(request))
      const body = yield* parseBody(request.body)
      const text =
        body._tag === "Batch"
          ? `[${(yield* Effect.forEach(body.requests, (each) => settle(answer(each)))).map(whole).join(",")}]`
          : yield* answer(body.request)
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

const viewOf = (options: Options, aggregations: boolean): Omit<View, "introspection"> => {
  const tables = options.tables(aggregations)
  return { tables, schema: Schema.build(tables) }
}

/** Rows that are in no database are sent while they are made, if the operation asks for them alone. */
const stream = (
  limits: SqlOptions,
  { fields }: Compiled
): Effect.Effect<Iterable<string> | undefined, HasuraError.HasuraError> => {
  const [plan, ...others] = fields
  if (plan?._tag !== "Rows" || others.length > 0) {
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

/** A root field as a member of the answer. */
const answerOf = (
  database: Database,
  limits: SqlOptions,
  field: Plan | Introspected
): Effect.Effect<string, HasuraError.HasuraError> => {
  const member = (json: string): string => `${JSON.stringify(field.responseKey)}:${json}`
  if (field._tag === "Introspected") return Effect.succeed(member(field.json))
  if (field._tag === "Rows" && bigBuilding.isAskedFor(field.select, limits.buildings)) {
    return Effect.try({
      try: () => member(`[${[...bigBuilding.rows(field.select, limits)].join(",")}]`),
      catch: unexpected
    })
  }
  const compiled = statement(field, limits)
  return database.query(compiled.sql, compiled.parameters).pipe(
    Effect.mapError(fromDatabase),
    Effect.flatMap((result) =>
      Effect.try({
        try: () => member(JSON.stringify(shape(field, parseJson(result[0]?.["value"])))),
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

/** Only 401 keeps its status, which is how a refused session shows. */
const refuse = (error: HasuraError.HasuraError): Answer =>
  json(error.status === 401 ? 401 : 200, HasuraError.graphqlBody(error))

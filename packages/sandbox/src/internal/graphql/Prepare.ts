import * as Effect from "effect/Effect"
import type { ApiName } from "../ApiName.js"
import { tablesOf } from "../catalog/tables.js"
import type { JsonStatement } from "../database/DatabaseConnection.js"
import type { ColumnChange } from "../faults/ColumnChanges.js"
import { withChange } from "../faults/ColumnChanges.js"
import type { Role } from "../Role.js"
import * as BigBuilding from "../synthetic/BigBuilding.js"
import type { GraphqlRequest, View } from "./compile.js"
import { compile } from "./compile.js"
import * as HasuraError from "./HasuraError.js"
import { parseBody } from "./requestBody.js"
import * as Schema from "./schema/Schema.js"
import type { Plan } from "./select/Plan.js"
import type { SqlOptions } from "./sql/statement.js"
import { statement } from "./sql/statement.js"

/** The context of a request, which affects the request's operations. It is sent between threads. */
export interface Context {
  readonly api: ApiName
  readonly change: ColumnChange | undefined
  readonly role: Role
  /** The buildings whose rows are visible. `undefined` means all. */
  readonly buildings: ReadonlyArray<number> | undefined
  /** The time of the request, in milliseconds since the epoch. */
  readonly now: number
}

/** Settings of the sandbox. */
export interface Settings {
  readonly everyType: boolean
  readonly stringifyNumericTypes: boolean
}

/** An error that can be sent between threads. */
export interface Refusal {
  readonly _tag: "Refusal"
  readonly code: string
  readonly message: string
  readonly path: string
  readonly status: number
}

/**
 * A part of a response. It is text, the JSON of a statement, or rows that are made while they are
 * sent.
 */
export type Part =
  | string
  | Uint8Array<ArrayBuffer>
  | { readonly _tag: "Statement"; readonly index: number }
  | { readonly _tag: "Rows"; readonly id: number }

/** A checked operation with its statements, and the parts of its response. */
export interface Operation {
  readonly _tag: "Operation"
  readonly statements: ReadonlyArray<JsonStatement>
  readonly parts: ReadonlyArray<Part>
}

export type Prepared =
  | Operation
  | Refusal
  /** A list of operations, each of which may be an error. */
  | { readonly _tag: "Batch"; readonly operations: ReadonlyArray<Operation | Refusal> }

/** Keeps rows that are made while they are sent, and returns their id. */
export type KeepRows = (rows: Iterable<string>) => number

/**
 * Reads the bodies of requests. The tables and the schema of a role are made when they are first
 * needed.
 */
export const make = (
  { everyType, stringifyNumericTypes }: Settings,
  keepRows: KeepRows
): ((context: Context, body: string) => Prepared) => {
  const views = new Map<string, Omit<View, "introspection">>()
  const viewOf = ({ api, change, role }: Context): View => {
    const key = JSON.stringify([api, role.allowAggregations, change])
    let view = views.get(key)
    if (view === undefined) {
      const all = tablesOf(api, everyType)(role.allowAggregations)
      const tables = change === undefined ? all : withChange(all, change)
      view = { tables, schema: Schema.build(tables) }
      views.set(key, view)
    }
    return { ...view, introspection: role.introspection }
  }

  return (context, body) => {
    const { buildings, now, role } = context
    const limits: SqlOptions = { stringifyNumericTypes, rowLimit: role.rowLimit, buildings, now }
    const prepare = (request: GraphqlRequest): Operation | Refusal =>
      orRefusal(() => operationOf(viewOf(context), limits, request, keepRows))
    return orRefusal((): Prepared => {
      const parsed = orThrow(parseBody(body))
      return parsed._tag === "Batch"
        ? { _tag: "Batch", operations: parsed.requests.map(prepare) }
        : prepare(parsed.request)
    })
  }
}

const orThrow = <A>(effect: Effect.Effect<A, HasuraError.HasuraError>): A => {
  const result = Effect.runSync(Effect.either(effect))
  if (result._tag === "Left") throw result.left
  return result.right
}

const orRefusal = <A>(run: () => A): A | Refusal => {
  try {
    return run()
  } catch (error) {
    const { code, message, path, status } =
      error instanceof HasuraError.HasuraError ? error : HasuraError.unexpected
    return { _tag: "Refusal", code, message, path, status }
  }
}

const operationOf = (
  view: View,
  limits: SqlOptions,
  request: GraphqlRequest,
  keepRows: KeepRows
): Operation => {
  const statements = new Statements()
  const parts: Array<Part> = []
  let text = `{"data":{`
  for (const [index, field] of compile(view, request).fields.entries()) {
    text += `${index === 0 ? "" : ","}${JSON.stringify(field.responseKey)}:`
    if (field._tag === "Introspected") {
      // The JSON of a schema is long. As bytes, it moves to another thread and to a socket without
      // a copy.
      parts.push(text, new TextEncoder().encode(field.json))
      text = ""
    } else if (isSynthetic(field, limits)) {
      const id = keepRows(BigBuilding.rows(field.select, limits))
      parts.push(`${text}[`, { _tag: "Rows", id })
      text = "]"
    } else {
      parts.push(text, { _tag: "Statement", index: statements.add(statement(field, limits)) })
      text = ""
    }
  }
  parts.push(`${text}}}`)
  return { _tag: "Operation", statements: statements.all, parts }
}

const isSynthetic = (
  plan: Plan,
  { buildings }: SqlOptions
): plan is Extract<Plan, { readonly _tag: "Rows" }> =>
  plan._tag === "Rows" && BigBuilding.isAskedFor(plan.select, buildings)

/** The statements of an operation. Equal statements share one result. */
class Statements {
  readonly all: Array<JsonStatement> = []
  readonly #indices = new Map<string, number>()

  add(one: JsonStatement): number {
    const key = JSON.stringify([one.sql, one.parameters])
    const known = this.#indices.get(key)
    if (known !== undefined) return known
    this.#indices.set(key, this.all.length)
    return this.all.push(one) - 1
  }
}

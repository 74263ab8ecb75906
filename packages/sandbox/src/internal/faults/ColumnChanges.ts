import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Database } from "../database/DatabaseConnection.js"
import type { Table } from "../graphql/Table.js"
import type { Answer } from "../http/Answer.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import type { ColumnGone } from "./FaultEffect.js"

/** A removed or renamed column, and the relation from which the column's table is read. */
export interface ColumnChange {
  readonly gone: ColumnGone
  readonly relation: Table["relation"]
}

/**
 * An endpoint that can also respond as if a column were removed or renamed. The schema, the checks
 * and the SQL are derived from a description of the tables, so the endpoint only needs a changed
 * description. A renamed column is read from a view that has the column under both names.
 */
export const make = (
  database: Database,
  tables: ReadonlyArray<Table>,
  endpoint: (request: IncomingRequest, change?: ColumnChange) => Effect.Effect<Answer>
): Effect.Effect<
  (request: IncomingRequest, gone?: ColumnGone) => Effect.Effect<Answer>,
  never,
  Scope.Scope
> =>
  Effect.gen(function* () {
    const changes = new Map<string, Effect.Effect<ColumnChange | undefined>>()
    const views: Array<string> = []
    // The views are dropped, because a user's database continues to exist after the sandbox. Errors
    // are ignored, because nothing can be done about a view if the database no longer accepts
    // statements.
    yield* Effect.addFinalizer(() =>
      Effect.forEach(views, (view) => Effect.ignore(database.query(`drop view ${view}`, [])))
    )

    const relationOf = (table: Table, { column, renamedTo }: ColumnGone) =>
      Effect.gen(function* () {
        if (renamedTo === undefined) return table.relation
        const { name, schema } = table.relation
        const view = `renamed_${randomUUID().replaceAll("-", "")}`
        const target = `${quoted(schema)}.${quoted(view)}`
        yield* Effect.orDie(
          database.query(
            `create view ${target} as select *, ${quoted(column)} as ${quoted(renamedTo)} ` +
              `from ${quoted(schema)}.${quoted(name)}`,
            []
          )
        )
        views.push(target)
        return { schema, name: view }
      })

    const change = (gone: ColumnGone): Effect.Effect<ColumnChange | undefined> =>
      Effect.gen(function* () {
        const found = tables.find(({ name }) => name === gone.table)
        if (!found?.columns.some(({ name }) => name === gone.column)) return undefined
        return { gone, relation: yield* relationOf(found, gone) }
      })

    return (request, gone) =>
      Effect.gen(function* () {
        if (gone === undefined) return yield* endpoint(request)
        const key = JSON.stringify([gone.table, gone.column, gone.renamedTo])
        const known = changes.get(key)
        const changing = known ?? (yield* Effect.cached(change(gone)))
        if (known === undefined) changes.set(key, changing)
        return yield* endpoint(request, yield* changing)
      })
  })

/** The tables after a change. */
export const withChange = (
  tables: ReadonlyArray<Table>,
  { gone, relation }: ColumnChange
): ReadonlyArray<Table> => {
  const changed: ReadonlyArray<Table> = tables.map((table) => ({
    ...table,
    ...(table.name === gone.table ? without(table, gone, relation) : {}),
    relationships: table.relationships.map((relationship) => ({
      ...relationship,
      table: () => {
        const { name } = relationship.table()
        return changed.find((other) => other.name === name) ?? relationship.table()
      }
    }))
  }))
  return changed
}

const without = (
  { columns, key }: Table,
  { column, renamedTo }: ColumnGone,
  relation: Table["relation"]
): Pick<Table, "columns" | "key" | "relation"> => {
  const change = (each: Table["columns"][number]) =>
    each.name !== column ? [each] : renamedTo === undefined ? [] : [{ ...each, name: renamedTo }]
  const changedKey = key.flatMap(change)
  return {
    columns: columns.flatMap(change),
    // If a key column is removed, the remaining columns are not a key.
    key: changedKey.length === key.length ? changedKey : [],
    relation
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

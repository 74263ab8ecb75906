import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Database } from "../DatabaseConnection.js"
import type { Table } from "../graphql/Table.js"
import type { Answer } from "../http/Answer.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import type { ColumnGone } from "./FaultEffect.js"

type Tables = (aggregations: boolean) => ReadonlyArray<Table>
type Answering = (request: IncomingRequest) => Effect.Effect<Answer>

/**
 * An endpoint that can also answer as if a column were not there or had another name. Schema, checks and SQL follow from the
 * tables, so it is the same endpoint over changed ones; a column that is renamed is read from a view that has both names.
 */
export const make = (
  database: Database,
  tables: Tables,
  endpointOf: (tables: Tables) => Answering
): Effect.Effect<
  (request: IncomingRequest, gone?: ColumnGone) => Effect.Effect<Answer>,
  never,
  Scope.Scope
> =>
  Effect.gen(function* () {
    const usual = endpointOf(tables)
    const changed = new Map<string, Effect.Effect<Answering>>()
    const views: Array<string> = []
    // A database of the user's outlives the sandbox; one that takes no statements any more takes the views with it.
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

    const change = (gone: ColumnGone): Effect.Effect<Answering> =>
      Effect.gen(function* () {
        const found = tables(true).find(({ name }) => name === gone.table)
        if (!found?.columns.some(({ name }) => name === gone.column)) return usual
        const relation = yield* relationOf(found, gone)
        return endpointOf((aggregations) => withChange(tables(aggregations), gone, relation))
      })

    return (request, gone) =>
      Effect.gen(function* () {
        if (gone === undefined) return yield* usual(request)
        const key = JSON.stringify([gone.table, gone.column, gone.renamedTo])
        const known = changed.get(key)
        const answering = known ?? (yield* Effect.cached(change(gone)))
        if (known === undefined) changed.set(key, answering)
        return yield* (yield* answering)(request)
      })
  })

const withChange = (
  tables: ReadonlyArray<Table>,
  gone: ColumnGone,
  relation: Table["relation"]
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
    // Part of a key is none.
    key: changedKey.length === key.length ? changedKey : [],
    relation
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

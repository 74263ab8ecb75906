import * as Effect from "effect/Effect"
import type { Database, DatabaseError } from "../database/DatabaseConnection.js"
import type { Extension } from "../worker/database.js"
import * as Parts from "./Parts.js"
import { rows } from "./rows.js"
import { columns, kinds, relation } from "./table.js"

/** The PostgreSQL extensions that define the types of some columns. */
export const extensions: ReadonlyArray<Extension> = ["citext", "ltree"]

const schema = relation.schema
const table = `${schema}.${relation.name}`
const kindTable = `${schema}.${kinds.relation}`

const columnTypes = Object.entries(columns).map(
  ([name, { sql, type }]) =>
    `"${name}" ${sql ?? type.sql}${name === "kind" ? ` references ${kindTable} (value)` : ""}`
)

const json = (value: unknown): string => `$json$${JSON.stringify(value)}$json$::json`

/** The rows of the enum table, with the two columns that Hasura requires. */
const kindRows = Object.entries(kinds.values).map(([value, comment]) => ({ value, comment }))

const partTable = `${Parts.relation.schema}.${Parts.relation.name}`
const partColumns = Parts.columns.map(({ name, type }) => `"${name}" ${type.sql}`)

const last = rows.length

/**
 * Creates the table at each start. The prepared database in the cache does not contain the table,
 * so all sandboxes can use the same prepared database.
 */
const statement = `do $create$ begin
  ${extensions.map((name) => `create extension if not exists ${name};`).join("\n  ")}
  create schema if not exists ${schema};
  create table ${kindTable} (value text primary key, comment text);
  insert into ${kindTable} select * from json_populate_recordset(null::${kindTable}, ${json(kindRows)});
  create table ${table} (id integer primary key, ${columnTypes.join(", ")});
  insert into ${table} select * from json_populate_recordset(null::${table}, ${json(rows)});
  update ${table} set jsonb = 'null', json = 'null' where id = ${last};
  create table ${partTable} (${partColumns.join(", ")}, primary key (id));
  insert into ${partTable} select * from json_populate_recordset(null::${partTable}, ${json(Parts.rows)});
end $create$`

export const create = (database: Database): Effect.Effect<void, DatabaseError> =>
  Effect.asVoid(database.query(statement, []))

import type { Column, Table } from "../graphql/Table.js"
import * as ColumnType from "../graphql/values/ColumnType.js"
import * as Parts from "./Parts.js"

export const relation = { schema: "innerspace_sandbox_types", name: "every_type" }

/** The table that defines the values of an enum. Clients see only the values, not the table. */
export const kinds = {
  relation: "every_type_kind",
  values: { desk: "A desk", lounge: "A place without desks", meeting_room: "A room with a door" }
}

const id: Column = { name: "id", type: ColumnType.Int, nullable: false }

/**
 * The columns by name. `sql` is the PostgreSQL type of a column, if Hasura casts values of the
 * column to another type.
 */
export const columns: Readonly<
  Record<string, { readonly type: ColumnType.ColumnType; readonly sql?: string }>
> = {
  int: { type: ColumnType.Int },
  smallint: { type: ColumnType.smallint },
  bigint: { type: ColumnType.bigint },
  numeric: { type: ColumnType.numeric },
  float8: { type: ColumnType.float8 },
  real: { type: ColumnType.real },
  boolean: { type: ColumnType.Boolean },
  text: { type: ColumnType.String },
  varchar: { type: ColumnType.String, sql: "varchar(40)" },
  citext: { type: ColumnType.citext },
  bpchar: { type: ColumnType.bpchar, sql: "char(6)" },
  uuid: { type: ColumnType.uuid },
  timestamptz: { type: ColumnType.timestamptz },
  timestamp: { type: ColumnType.timestamp },
  date: { type: ColumnType.date },
  time: { type: ColumnType.time },
  timetz: { type: ColumnType.timetz },
  jsonb: { type: ColumnType.jsonb },
  json: { type: ColumnType.json },
  ints: { type: ColumnType.Ints },
  strings: { type: ColumnType.Strings },
  kind: { type: ColumnType.enumeration(kinds.relation, kinds.values) },
  ltree: { type: ColumnType.ltree }
}

/**
 * Two tables that the vendor does not have. `every_type` has a column of every type that Hasura
 * treats specially, and `every_type_part` has related rows.
 */
export const everyType = (aggregations: boolean): ReadonlyArray<Table> => {
  const whole: Table = {
    name: relation.name,
    relation,
    description: "A column of every type. The vendor does not have this table",
    columns: [
      id,
      ...Object.entries(columns).map(([name, { type }]) => ({ name, type, nullable: true }))
    ],
    relationships: [
      {
        name: "parts",
        kind: "array",
        table: () => part,
        columns: { here: "id", there: "whole_id" }
      }
    ],
    key: [id],
    aggregations
  }
  const part: Table = {
    name: Parts.relation.name,
    relation: Parts.relation,
    description: "Parts of rows of every_type",
    columns: Parts.columns,
    relationships: [
      {
        name: "whole",
        kind: "object",
        table: () => whole,
        columns: { here: "whole_id", there: "id" }
      }
    ],
    key: Parts.columns.slice(0, 1),
    aggregations
  }
  return [whole, part]
}

/** The sandbox's table with a column of every type. */
import * as Column from "@innerspace-metrics/core/Column"
import * as Query from "@innerspace-metrics/core/Query"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"

const maybe = <Decoded, F>(scalar: Scalar.Scalar<Decoded, F>) =>
  Column.nullable(Column.assumed(scalar, "test"))

export const every_type = Table.make("every_type", {
  id: Column.key(Column.assumed(Scalar.Int, "test")),
  int: maybe(Scalar.Int),
  smallint: maybe(Scalar.smallint),
  bigint: maybe(Scalar.bigint),
  numeric: maybe(Scalar.numeric),
  float8: maybe(Scalar.float8),
  real: maybe(Scalar.Float),
  boolean: maybe(Scalar.Boolean),
  text: maybe(Scalar.String),
  varchar: maybe(Scalar.String),
  citext: maybe(Scalar.citext),
  bpchar: maybe(Scalar.bpchar),
  uuid: maybe(Scalar.uuid),
  timestamptz: maybe(Scalar.timestamptz),
  timestamp: maybe(Scalar.timestamp),
  date: maybe(Scalar.date),
  time: maybe(Scalar.time),
  timetz: maybe(Scalar.timetz),
  jsonb: maybe(Scalar.jsonb),
  json: maybe(Scalar.json),
  ints: maybe(Scalar.array(Scalar.Int)),
  strings: maybe(Scalar.array(Scalar.String)),
  kind: maybe(Scalar.enumeration("every_type_kind_enum", ["desk", "lounge", "meeting_room"])),
  ltree: maybe(Scalar.ltree)
})

type Columns = (typeof every_type)["columns"]

/**
 * Selects a column in the rows whose values every client can represent. The last four rows have
 * NaN, infinities and JSON's null, and are left out.
 */
export const ordinary = <const Name extends keyof Columns & string>(column: Name) =>
  Query.from(every_type, {
    select: ["id", column],
    where: { id: { _lte: 36 } },
    orderBy: { id: "asc" }
  })

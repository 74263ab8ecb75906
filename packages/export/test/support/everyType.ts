/** The sandbox's table with a column of every type. A stream reads it by its time column. */
import * as Column from "@innerspace-metrics/core/Column"
import * as Query from "@innerspace-metrics/core/Query"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"

const maybe = <Decoded, F>(scalar: Scalar.Scalar<Decoded, F>) =>
  Column.nullable(Column.assumed(scalar, "test"))

const every_type = <D, F>(bigint: Scalar.Scalar<D, F>, numeric: Scalar.Any) =>
  Table.make("every_type", {
    id: Column.key(Column.assumed(Scalar.Int, "test")),
    int: maybe(Scalar.Int),
    smallint: maybe(Scalar.smallint),
    bigint: maybe(bigint),
    numeric: maybe(numeric),
    float8: maybe(Scalar.float8),
    real: maybe(Scalar.Float),
    boolean: maybe(Scalar.Boolean),
    text: maybe(Scalar.String),
    uuid: maybe(Scalar.uuid),
    timestamptz: Column.assumed(Scalar.timestamptz, "test"),
    timestamp: maybe(Scalar.timestamp),
    date: maybe(Scalar.date),
    timetz: maybe(Scalar.timetz),
    jsonb: maybe(Scalar.jsonb),
    strings: maybe(Scalar.array(Scalar.String)),
    kind: maybe(Scalar.enumeration("every_type_kind_enum", ["desk", "lounge", "meeting_room"]))
  })

/** Selects about 20 rows. The other rows have no time, or a time that is too far away. */
const rows = <D, F>(bigint: Scalar.Scalar<D, F>, numeric: Scalar.Any) =>
  Query.from(every_type(bigint, numeric), {
    select: [
      "id",
      "int",
      "smallint",
      "bigint",
      "numeric",
      "float8",
      "real",
      "boolean",
      "text",
      "uuid",
      "timestamptz",
      "timestamp",
      "date",
      "timetz",
      "jsonb",
      "strings",
      "kind"
    ],
    where: {
      timestamptz: TimeRange.between(
        new Date("1960-01-01T00:00:00Z"),
        new Date("2100-01-01T00:00:00Z")
      )
    }
  })

export const everyType = rows(Scalar.bigint, Scalar.numeric)

/**
 * A type for numbers whose digits are read from the text of a response. It does not use the parser
 * of the package.
 */
const asWritten = Scalar.make<unknown, never>({
  ...Scalar.numeric,
  parseExact: (text) =>
    JSON.parse(text.replaceAll(/"(numeric|bigint)":\s*(-?[\d.]+)/g, '"$1":"$2"'))
})

/**
 * Selects the same rows without decoding them. The digits of numbers stay as the server wrote them.
 */
export const everyTypeRaw = Query.raw(rows(asWritten, asWritten))

/** JSON as PostgreSQL writes `jsonb`. */
export const postgresJson = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(postgresJson).join(", ")}]`
    : typeof value === "object" && value !== null
      ? `{${Object.entries(value)
          .map(([key, member]) => `${JSON.stringify(key)}: ${postgresJson(member)}`)
          .join(", ")}}`
      : JSON.stringify(value)

/** The options of a stream. A window has ten years, because the times of the rows are far apart. */
export const wide = { window: "3650 days" } as const

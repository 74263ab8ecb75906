/**
 * Ways from the bytes of a response to its columns or rows. Each way returns the number of rows.
 */
import * as Schema from "effect/Schema"
import * as z from "zod"
import type { Body } from "./bodies.js"
import { leastOf } from "./least.js"
import { reader } from "./ours.js"

/** A response in the forms that a way may begin with. */
interface Response extends Body {
  readonly bytes: Uint8Array
  readonly text: string
  readonly file: string
}

type Read = () => number | Promise<number>

interface Row {
  readonly [name: string]: unknown
}

const parse = (text: string): ReadonlyArray<Row> => JSON.parse(text).data.readings

/** Fills arrays like the arrays of a batch of columns, without any check. */
const filled = (rows: ReadonlyArray<Row>, shape: Body["shape"]) => {
  const { length } = rows
  const ids = new Int32Array(length)
  const times = new Float64Array(length)
  const means = new Float64Array(length)
  const counts = new Float64Array(length)
  const devices = new BigInt64Array(shape === "eight" ? length : 0)
  const names: Array<unknown> = []
  const types: Array<unknown> = []
  const distributions: Array<string> = []
  for (let at = 0; at < length; at++) {
    const row = rows[at]
    if (row === undefined) continue
    ids[at] = Number(row["ZONE_ID"])
    times[at] = Date.parse(String(row["DATE_TIME_START"]))
    means[at] = row["OCCUPANCY_MEAN"] === null ? Number.NaN : Number(row["OCCUPANCY_MEAN"])
    counts[at] = Number(row["PEOPLE_COUNT"])
    if (shape === "four") continue
    devices[at] = BigInt(String(row["DEVICE_COUNT"]))
    names.push(row["ZONE_NAME"])
    types.push(row["ZONE_TYPE"])
    distributions.push(JSON.stringify(row["DISTRIBUTION"]))
  }
  return { ids, times, means, counts, devices, names, types, distributions }
}

const more = {
  DEVICE_COUNT: z.string().transform(BigInt),
  ZONE_NAME: z.nullable(z.string()),
  ZONE_TYPE: z.string(),
  DISTRIBUTION: z.unknown()
}

const zodOf = (shape: Body["shape"]) =>
  z.array(
    z.object({
      ZONE_ID: z.int(),
      DATE_TIME_START: z.string().transform((text) => new Date(text)),
      OCCUPANCY_MEAN: z.nullable(z.number()),
      PEOPLE_COUNT: z.nullable(z.number()),
      ...(shape === "eight" ? more : {})
    })
  )

const fields = {
  ZONE_ID: Schema.Int,
  DATE_TIME_START: Schema.DateTimeUtc,
  OCCUPANCY_MEAN: Schema.NullOr(Schema.Number),
  PEOPLE_COUNT: Schema.NullOr(Schema.Number)
}

const schemaOf = (shape: Body["shape"]) =>
  Schema.Array(
    shape === "four"
      ? Schema.Struct(fields)
      : Schema.Struct({
          ...fields,
          DEVICE_COUNT: Schema.BigInt,
          ZONE_NAME: Schema.NullOr(Schema.String),
          ZONE_TYPE: Schema.String,
          DISTRIBUTION: Schema.Unknown
        })
  )

const types = {
  four: "ZONE_ID INTEGER, DATE_TIME_START TIMESTAMPTZ, OCCUPANCY_MEAN DOUBLE, PEOPLE_COUNT DOUBLE",
  eight:
    "ZONE_ID INTEGER, DATE_TIME_START TIMESTAMPTZ, OCCUPANCY_MEAN DOUBLE, PEOPLE_COUNT DOUBLE, DEVICE_COUNT BIGINT, ZONE_NAME VARCHAR, ZONE_TYPE VARCHAR, DISTRIBUTION JSON"
}

/** Reads the response from its file into a table in memory, with the JSON reader of DuckDB. */
const duckDb = async ({ file, shape }: Response): Promise<Read> => {
  const { DuckDBInstance } = await import("@duckdb/node-api")
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect()
  return async () => {
    await connection.run(
      `CREATE OR REPLACE TABLE readings AS SELECT unnest(data.readings, recursive := true) FROM read_json('${file}', columns = {data: 'STRUCT(readings STRUCT(${types[shape]})[])'}, maximum_object_size = 1000000000)`
    )
    const found = await connection.runAndReadAll("SELECT count(*)::INTEGER FROM readings")
    return Number(found.getRows()[0]?.[0])
  }
}

export const ways: {
  readonly [name: string]: (response: Response) => Read | Promise<Read>
} = {
  "JSON.parse":
    ({ text }) =>
    () =>
      parse(text).length,
  "JSON.parse, columns filled":
    ({ shape, text }) =>
    () =>
      filled(parse(text), shape).ids.length,
  "bytes of one spelling, nothing checked": ({ bytes, rows, shape }) => {
    const least = leastOf[shape]
    return () => least(bytes, rows)
  },
  "innerspace-metrics, columns": (response) => reader("columns", response, response.bytes),
  "innerspace-metrics, typed rows": (response) => reader("stream", response, response.bytes),
  "apache-arrow": async ({ text }) => {
    const { tableFromJSON } = await import("apache-arrow")
    return () => tableFromJSON([...parse(text)]).numRows
  },
  DuckDB: duckDb,
  "Effect Schema": ({ shape, text }) => {
    const decode = Schema.decodeUnknownSync(schemaOf(shape))
    return () => decode(parse(text)).length
  },
  zod: ({ shape, text }) => {
    const schema = zodOf(shape)
    return () => schema.parse(parse(text)).length
  }
}

/** Tests that readers from other projects find the values of the API in the files. */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { assert, describe } from "@effect/vitest"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import { Arrow, Csv, DuckDb, Export, Ndjson, Parquet } from "@innerspace-metrics/export"
import { tableFromIPC } from "apache-arrow"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { readParquet } from "parquet-wasm"
import { folder, type It } from "../support/client.js"
import { everyType, everyTypeRaw, postgresJson, wide } from "../support/everyType.js"
import { parquetRows, sql } from "../support/readers.js"

/** Reads the rows as the API sends them. */
const sent = Effect.flatMap(MetricsClient.MetricsClient, (metrics) =>
  Stream.runCollect(metrics.stream(everyTypeRaw, wide))
).pipe(Effect.map((rows) => Array.from(rows) as ReadonlyArray<Record<string, unknown>>))

/**
 * Returns the microseconds since 1970. This simple function is right only for the timestamps of
 * this test.
 */
const micros = (text: unknown): bigint =>
  BigInt(Date.parse(String(text).replace(/(\.\d{3})\d+/, "$1"))) * 1_000n +
  BigInt((/\.\d{3}(\d+)/.exec(String(text))?.[1] ?? "").padEnd(3, "0"))

const days = (text: unknown): number => Date.parse(String(text)) / 86_400_000

const orNull = <A>(value: unknown, read: (value: unknown) => A): A | null =>
  value === null ? null : read(value)

const number = (value: unknown) => orNull(value, Number)
const json = (value: unknown) => orNull(value, postgresJson)
// The server writes an array as JSON without blanks.
const list = (value: unknown) => orNull(value, (value) => JSON.stringify(value))

/**
 * Tests of files of each format. The settings of Hasura decide whether it sends wide numbers as
 * numbers or as text.
 */
export const formats = (it: It, wideNumbers: "numbers" | "text"): void => {
  describe(`a file of every type of column, with wide numbers as ${wideNumbers}`, () => {
    it.scoped(
      "Parquet, read by DuckDB, hyparquet and parquet-wasm, has the values of the API",
      () =>
        Effect.gen(function* () {
          const rows = yield* sent
          const path = join(yield* folder, "types.parquet")
          const summary = yield* Export.toFile(everyType, Parquet.file(path), wide)

          assert.strictEqual(summary.rows, rows.length)
          assert.isAbove(rows.length, 15)
          const types = yield* Effect.promise(() =>
            sql(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${path}')`)
          )
          assert.deepStrictEqual(
            Object.fromEntries(
              types.map(({ column_name, column_type }) => [column_name, column_type])
            ),
            {
              id: "INTEGER",
              int: "INTEGER",
              smallint: "INTEGER",
              bigint: "BIGINT",
              numeric: "VARCHAR",
              float8: "DOUBLE",
              real: "DOUBLE",
              boolean: "BOOLEAN",
              text: "VARCHAR",
              uuid: "VARCHAR",
              timestamptz: "TIMESTAMP WITH TIME ZONE",
              timestamp: "VARCHAR",
              date: "DATE",
              timetz: "VARCHAR",
              jsonb: "VARCHAR",
              strings: "VARCHAR",
              kind: "VARCHAR"
            }
          )
          const inDuckDb = yield* Effect.promise(() =>
            sql(
              `SELECT * REPLACE (epoch_us(timestamptz) AS timestamptz, epoch_ms(date)::BIGINT // 86400000 AS date) FROM '${path}'`
            )
          )
          const expected = rows.map((row) => ({
            id: row["id"],
            int: row["int"],
            smallint: row["smallint"],
            bigint: orNull(row["bigint"], (value) => BigInt(String(value))),
            numeric: orNull(row["numeric"], String),
            float8: number(row["float8"]),
            real: number(row["real"]),
            boolean: row["boolean"],
            text: row["text"],
            uuid: row["uuid"],
            timestamptz: micros(row["timestamptz"]),
            timestamp: row["timestamp"],
            date: orNull(row["date"], (text) => BigInt(days(text))),
            timetz: row["timetz"],
            jsonb: json(row["jsonb"]),
            strings: list(row["strings"]),
            kind: row["kind"]
          }))
          assert.deepStrictEqual(inDuckDb as ReadonlyArray<unknown>, expected)

          const inHyparquet = yield* Effect.promise(() => parquetRows(path))
          assert.deepStrictEqual(
            inHyparquet.map(({ date, ...row }) => ({
              ...row,
              date: date instanceof Date ? BigInt(date.getTime() / 86_400_000) : (date ?? null)
            })),
            expected.map(({ date, ...row }) => ({ ...row, date }))
          )

          const inWasm = tableFromIPC(
            readParquet(new Uint8Array(yield* Effect.promise(() => readFile(path)))).intoIPCStream()
          )
          assert.strictEqual(inWasm.numRows, rows.length)
          assert.strictEqual(String(inWasm.schema.fields[10]?.type), "Timestamp<MICROSECOND, UTC>")
          assert.deepStrictEqual(
            Array.from(inWasm.getChild("bigint") ?? []),
            expected.map(({ bigint }) => bigint)
          )
        })
    )

    it.scoped("Arrow, read by apache-arrow, has the values of the API", () =>
      Effect.gen(function* () {
        const rows = yield* sent
        const path = join(yield* folder, "types.arrows")
        yield* Export.toFile(everyType, Arrow.file(path), wide)

        const table = tableFromIPC(yield* Effect.promise(() => readFile(path)))
        const column = (name: string): ReadonlyArray<unknown> =>
          Array.from(table.getChild(name) ?? [])
        assert.strictEqual(table.numRows, rows.length)
        assert.deepStrictEqual(
          table.schema.fields.map(({ name, nullable, type }) => [name, String(type), nullable]),
          [
            ["id", "Int32", false],
            ["int", "Int32", true],
            ["smallint", "Int32", true],
            ["bigint", "Int64", true],
            ["numeric", "Utf8", true],
            ["float8", "Float64", true],
            ["real", "Float64", true],
            ["boolean", "Bool", true],
            ["text", "Utf8", true],
            ["uuid", "Utf8", true],
            ["timestamptz", "Timestamp<MICROSECOND, UTC>", false],
            ["timestamp", "Utf8", true],
            ["date", "Date32<DAY>", true],
            ["timetz", "Utf8", true],
            ["jsonb", "Utf8", true],
            ["strings", "Utf8", true],
            ["kind", "Utf8", true]
          ]
        )
        for (const name of ["id", "int", "boolean", "text", "kind"]) {
          assert.deepStrictEqual(
            column(name),
            rows.map((row) => row[name]),
            name
          )
        }
        assert.deepStrictEqual(
          column("bigint"),
          rows.map((row) => orNull(row["bigint"], (value) => BigInt(String(value))))
        )
        assert.deepStrictEqual(
          column("float8"),
          rows.map((row) => number(row["float8"]))
        )
        const instants = table.getChild("timestamptz")?.data.flatMap(({ values }) => [...values])
        assert.deepStrictEqual(
          instants,
          rows.map((row) => micros(row["timestamptz"]))
        )
        assert.deepStrictEqual(
          column("numeric"),
          rows.map((row) => orNull(row["numeric"], String))
        )
        assert.deepStrictEqual(
          column("jsonb"),
          rows.map((row) => json(row["jsonb"]))
        )
      })
    )

    it.scoped("NDJSON is exact to the digit, by JSON.parse and by DuckDB", () =>
      Effect.gen(function* () {
        const rows = yield* sent
        const path = join(yield* folder, "types.ndjson")
        yield* Export.toFile(everyType, Ndjson.file(path), wide)

        const lines = (yield* Effect.promise(() => readFile(path, "utf8"))).split("\n")
        assert.strictEqual(lines.pop(), "")
        assert.deepStrictEqual(
          lines.map((line) => JSON.parse(line)),
          rows.map((row) => ({
            ...row,
            bigint: orNull(row["bigint"], String),
            numeric: orNull(row["numeric"], String),
            timestamptz: instantText(row["timestamptz"]),
            float8: float(row["float8"]),
            real: float(row["real"])
          }))
        )
        // The file contains the JSON of a cell as the server wrote it.
        for (const [index, line] of lines.entries()) {
          assert.include(line, `"jsonb":${json(rows[index]?.["jsonb"]) ?? "null"},`)
        }
        const wideNumbers = yield* Effect.promise(() =>
          sql(
            `SELECT id, "bigint", "numeric" FROM read_json('${path}', format = 'newline_delimited', columns = {id: 'INTEGER', bigint: 'BIGINT', numeric: 'VARCHAR'})`
          )
        )
        assert.deepStrictEqual(
          wideNumbers as ReadonlyArray<unknown>,
          rows.map(({ bigint, id, numeric }) => ({
            id,
            bigint: orNull(bigint, (value) => BigInt(String(value))),
            numeric: orNull(numeric, String)
          }))
        )
      })
    )

    it.scoped("CSV is exact to the digit, and DuckDB reads the texts that are hard to quote", () =>
      Effect.gen(function* () {
        const rows = yield* sent
        const path = join(yield* folder, "types.csv")
        yield* Export.toFile(everyType, Csv.file(path), wide)

        const read = yield* Effect.promise(() =>
          sql(
            `SELECT * FROM read_csv('${path}', all_varchar = true, allow_quoted_nulls = false, new_line = '\\r\\n', quote = '"', escape = '"', delim = ',', header = true)`
          )
        )
        const text = (value: unknown) => orNull(value, String)
        const withPoint = (value: unknown) =>
          orNull(number(value), (float) => String(float).replace(/^-?\d+$/, "$&.0"))
        assert.deepStrictEqual(
          read as ReadonlyArray<unknown>,
          rows.map((row) => ({
            ...row,
            id: text(row["id"]),
            int: text(row["int"]),
            smallint: text(row["smallint"]),
            bigint: text(row["bigint"]),
            numeric: text(row["numeric"]),
            float8: withPoint(row["float8"]),
            real: withPoint(row["real"]),
            boolean: text(row["boolean"]),
            timestamptz: instantText(row["timestamptz"]),
            jsonb: json(row["jsonb"]),
            strings: list(row["strings"])
          }))
        )
      })
    )

    it.scoped("a DuckDB table has the values of the API, and other tables stay", () =>
      Effect.gen(function* () {
        const rows = yield* sent
        const path = join(yield* folder, "types.duckdb")
        yield* Effect.promise(() => sql("CREATE TABLE other AS SELECT 1 AS x", path))
        // The second export replaces the table of the first export.
        yield* Export.toFile(everyType, DuckDb.table(path, "every type"), wide)
        const summary = yield* Export.toFile(everyType, DuckDb.table(path, "every type"), wide)

        assert.deepStrictEqual(summary, { path, rows: rows.length, bytes: undefined })
        const read = yield* Effect.promise(() =>
          sql(
            `SELECT id, "bigint", numeric, float8, text, epoch_us(timestamptz) AS at, jsonb, "date"::VARCHAR AS d FROM "every type"`,
            path
          )
        )
        assert.deepStrictEqual(
          read as ReadonlyArray<unknown>,
          rows.map((row) => ({
            id: row["id"],
            bigint: orNull(row["bigint"], (value) => BigInt(String(value))),
            numeric: orNull(row["numeric"], String),
            float8: number(row["float8"]),
            text: row["text"],
            at: micros(row["timestamptz"]),
            jsonb: json(row["jsonb"]),
            d: row["date"]
          }))
        )
        assert.deepStrictEqual(
          (yield* Effect.promise(() => sql("SELECT x FROM other", path))) as ReadonlyArray<unknown>,
          [{ x: 1 }]
        )
      })
    )

    it.scoped("gzip gives the same rows, and the same rows give the same bytes", () =>
      Effect.gen(function* () {
        const home = yield* folder
        const at = (name: string) => join(home, name)
        yield* Export.toFile(everyType, Csv.file(at("a.csv")), wide)
        yield* Export.toFile(everyType, Csv.file(at("a.csv.gz"), { compression: "gzip" }), wide)
        yield* Export.toFile(everyType, Ndjson.file(at("a.ndjson")), wide)
        yield* Export.toFile(
          everyType,
          Ndjson.file(at("a.ndjson.gz"), { compression: "gzip" }),
          wide
        )
        yield* Export.toFile(everyType, Parquet.file(at("a.parquet")), wide)
        yield* Export.toFile(
          everyType,
          Parquet.file(at("b.parquet"), { compression: "gzip" }),
          wide
        )
        yield* Export.toFile(
          everyType,
          Parquet.file(at("c.parquet"), { compression: "none" }),
          wide
        )
        yield* Export.toFile(everyType, Parquet.file(at("again.parquet")), wide)

        const bytes = (name: string) => Effect.promise(() => readFile(at(name)))
        for (const name of ["a.csv", "a.ndjson"]) {
          assert.deepStrictEqual(gunzipSync(yield* bytes(`${name}.gz`)), yield* bytes(name))
        }
        const rows = yield* Effect.promise(() => parquetRows(at("a.parquet")))
        assert.deepStrictEqual(yield* Effect.promise(() => parquetRows(at("b.parquet"))), rows)
        assert.deepStrictEqual(yield* Effect.promise(() => parquetRows(at("c.parquet"))), rows)
        assert.deepStrictEqual(yield* bytes("again.parquet"), yield* bytes("a.parquet"))
        assert.deepStrictEqual(
          (yield* Effect.promise(() => readdir(home))).filter((name) => name.endsWith(".tmp")),
          []
        )
      })
    )
  })
}

/** The text of an instant in UTC, with milliseconds, or with microseconds if these are not zero. */
const instantText = (cell: unknown): string => {
  const text = new Date(Number(micros(cell) / 1_000n)).toISOString()
  const rest = micros(cell) % 1_000n
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(3, "0")}Z`
}

/** JSON has neither NaN nor infinities, so they are text. */
const float = (value: unknown) =>
  orNull(value, (value) => (Number.isFinite(Number(value)) ? Number(value) : String(value)))

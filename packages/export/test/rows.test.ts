/**
 * Tests rules that hold for any rows: values are exact, and no reader reads a text as another text.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import * as Query from "@innerspace-metrics/core/Query"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { layerTest, recorded } from "@innerspace-metrics/core/testing"
import { Csv, Export, Ndjson, Parquet } from "@innerspace-metrics/export"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { parquetMetadata } from "hyparquet"
import { folder } from "./support/client.js"
import { parquetRows, sql } from "./support/readers.js"

const maybe = <Decoded, F>(scalar: Scalar.Scalar<Decoded, F>) =>
  Column.nullable(Column.assumed(scalar, "test"))

const values = Table.make("values", {
  id: Column.key(Column.assumed(Scalar.Int, "test")),
  at: Column.key(Column.assumed(Scalar.timestamptz, "test")),
  count: maybe(Scalar.bigint),
  value: maybe(Scalar.float8),
  name: maybe(Scalar.String),
  document: maybe(Scalar.jsonb)
})

const query = Query.from(values, {
  select: ["id", "at", "count", "value", "name", "document"],
  where: { at: TimeRange.month("2024-03", "UTC") }
})

type Row = {
  readonly at: string
  readonly count: string | null
  readonly value: number | string | null
  readonly name: string | null
  readonly document: JsonValue
}

const row: FastCheck.Arbitrary<Row> = FastCheck.record({
  at: FastCheck.tuple(
    FastCheck.integer({ min: 0, max: 31 * 86_400 - 1 }),
    FastCheck.integer({ min: 0, max: 999_999 })
  ).map(
    ([second, micros]) =>
      `${new Date(Date.UTC(2024, 2, 1) + second * 1_000).toISOString().slice(0, 19)}.${String(micros).padStart(6, "0")}+00:00`
  ),
  count: FastCheck.option(FastCheck.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  value: FastCheck.option(
    FastCheck.oneof(
      // JSON.stringify writes the negative zero as 0, and PostgreSQL writes it as -0, so `+ 0`
      // removes it from the numbers.
      FastCheck.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      FastCheck.constantFrom("NaN", "Infinity", "-Infinity", "-0")
    )
  ),
  // In Parquet and DuckDB, a text cannot contain half a surrogate pair, and in PostgreSQL it cannot
  // contain NUL.
  name: FastCheck.option(
    FastCheck.string({ unit: "binary" }).filter((text) => !text.includes("\0"))
  ),
  document: FastCheck.option(
    FastCheck.jsonValue()
      .filter((value) => value !== null)
      // JSON.stringify writes a negative zero as 0, so this removes negative zeros.
      .map((value): JsonValue => JSON.parse(JSON.stringify(value)))
  )
})

const micros = (text: string): bigint =>
  BigInt(Date.parse(`${text.slice(0, 23)}Z`)) * 1_000n + BigInt(text.slice(23, 26))

/** The rows that the readers must return. */
const expected = (rows: ReadonlyArray<Row>) =>
  rows.map(({ at, count, document, name, value }, id) => ({
    id,
    at: micros(at),
    count: count === null ? null : BigInt(count),
    value: value === null ? null : Number(value),
    name,
    document: document === null ? null : JSON.stringify(document)
  }))

const answered = (rows: ReadonlyArray<Row>) =>
  layerTest([
    recorded(
      values,
      rows.map((row, id) => ({ id, ...row }))
    )
  ])

it.scoped("Parquet keeps any value, by DuckDB and by hyparquet", () =>
  Effect.gen(function* () {
    const path = join(yield* folder, "any.parquet")
    yield* Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(FastCheck.array(row, { maxLength: 20 }), async (rows) => {
          await Export.toFile(query, Parquet.file(path)).pipe(
            Effect.provide(answered(rows)),
            Effect.runPromise
          )
          assert.deepStrictEqual(await parquetRows(path), expected(rows))
          assert.deepStrictEqual(
            (await sql(
              `SELECT * REPLACE (epoch_us("at") AS "at") FROM '${path}'`
            )) as ReadonlyArray<unknown>,
            expected(rows)
          )
        }),
        { numRuns: 25 }
      )
    )
  })
)

it.scoped("NDJSON keeps any value, by JSON.parse", () =>
  Effect.gen(function* () {
    const path = join(yield* folder, "any.ndjson")
    yield* Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(FastCheck.array(row, { maxLength: 20 }), async (rows) => {
          await Export.toFile(query, Ndjson.file(path)).pipe(
            Effect.provide(answered(rows)),
            Effect.runPromise
          )
          const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1)
          assert.deepStrictEqual(
            lines.map((line) => {
              const row = JSON.parse(line)
              return [row.id, row.count, Number(row.value ?? 0), row.name, row.document]
            }),
            rows.map(({ count, document, name, value }, id) => [
              id,
              count === null ? null : String(BigInt(count)),
              // JavaScript writes a negative zero as 0 in JSON, so `+ 0` removes it here.
              Number(value ?? 0) + 0,
              name,
              document
            ])
          )
        }),
        { numRuns: 50 }
      )
    )
  })
)

it.scoped("DuckDB reads the decimals of a column that begins with thousands of whole numbers", () =>
  Effect.gen(function* () {
    const directory = yield* folder
    const rows = Array.from({ length: 50_000 }, (_, row): Row => {
      const at = new Date(Date.UTC(2024, 2, 1) + row * 1_000).toISOString().slice(0, 19)
      const value = row < 49_999 ? 0 : 12.5
      return { at: `${at}.000000+00:00`, count: null, value, name: null, document: null }
    })
    for (const [name, file, reader] of [
      ["late.csv", Csv.file, "read_csv"],
      ["late.ndjson", Ndjson.file, "read_json"]
    ] as const) {
      const path = join(directory, name)
      yield* Export.toFile(query, file(path)).pipe(Effect.provide(answered(rows)))
      assert.deepStrictEqual(
        yield* Effect.promise(() =>
          sql(`SELECT sum(value) AS total, typeof(sum(value)) AS type FROM ${reader}('${path}')`)
        ),
        [{ total: 12.5, type: "DOUBLE" }]
      )
    }
  })
)

/** Reads CSV as RFC 4180 defines it. Returns the fields, and marks the fields that were quoted. */
const parseCsv = (text: string): ReadonlyArray<ReadonlyArray<string>> => {
  const lines: Array<Array<string>> = []
  let line: Array<string> = []
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g
  )) {
    if (end === "" && quoted === undefined && plain === "") continue
    line.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'))
    if (end !== ",") {
      lines.push(line)
      line = []
    }
  }
  return lines
}

it.scoped("CSV is read back by RFC 4180, and no guarded text begins like a formula", () =>
  Effect.gen(function* () {
    const path = join(yield* folder, "any.csv")
    yield* Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(
          FastCheck.array(row, { maxLength: 20 }),
          FastCheck.boolean(),
          async (rows, guardFormulas) => {
            await Export.toFile(query, Csv.file(path, { guardFormulas })).pipe(
              Effect.provide(answered(rows)),
              Effect.runPromise
            )
            const [head, ...lines] = parseCsv(await readFile(path, "utf8"))
            assert.deepStrictEqual(head, ["id", "at", "count", "value", "name", "document"])
            const isFormula = (text: string) => /^[=+\-@\t\r\n＝＋－＠]/.test(text)
            assert.deepStrictEqual(
              lines.map((fields) => [fields[0], fields[2], fields[4], fields[5]]),
              rows.map(({ count, document, name }, id) => [
                String(id),
                count === null ? "" : String(BigInt(count)),
                ...[name ?? "", document === null ? "" : JSON.stringify(document)].map((text) =>
                  guardFormulas && isFormula(text) ? `'${text}` : text
                )
              ])
            )
          }
        ),
        { numRuns: 50 }
      )
    )
  })
)

const at = (time: string, value: Row["value"] = 1): Row => ({
  at: time,
  count: null,
  value,
  name: null,
  document: null
})

it.scoped("the local time in CSV distinguishes the two equal hours of an autumn night", () =>
  Effect.gen(function* () {
    const path = join(yield* folder, "local.csv")
    const november = Query.from(values, {
      select: ["at", "id"],
      where: { at: TimeRange.month("2024-11", "America/Chicago") }
    })
    yield* Export.toFile(november, Csv.file(path, { localTime: "America/Chicago" })).pipe(
      Effect.provide(
        answered([
          at("2024-11-03T06:00:00.000000+00:00"),
          at("2024-11-03T07:00:00.000000+00:00"),
          at("2024-11-03T07:00:00.000001+00:00")
        ])
      )
    )

    assert.deepStrictEqual((yield* Effect.promise(() => readFile(path, "utf8"))).split("\r\n"), [
      "at,at_local,id",
      "2024-11-03T06:00:00.000Z,2024-11-03T01:00:00.000-05:00,0",
      "2024-11-03T07:00:00.000Z,2024-11-03T01:00:00.000-06:00,1",
      "2024-11-03T07:00:00.000001Z,2024-11-03T01:00:00.000-06:00,2",
      ""
    ])
  })
)

it.scoped("a Parquet column with NaN has no statistics, so that filters find all of its rows", () =>
  Effect.gen(function* () {
    const path = join(yield* folder, "nan.parquet")
    const time = "2024-03-01T00:00:00.000000+00:00"
    yield* Export.toFile(query, Parquet.file(path)).pipe(
      Effect.provide(answered([at(time, 1), at(time, "NaN"), at(time, 7)]))
    )

    const found = yield* Effect.promise(() =>
      sql(`SELECT
        (SELECT count(*) FROM '${path}' WHERE "value" > 5)::INTEGER AS above,
        (SELECT count(*) FROM '${path}' WHERE "value" = 'NaN')::INTEGER AS nan`)
    )
    // DuckDB puts NaN above all numbers, as PostgreSQL does.
    assert.deepStrictEqual(found as ReadonlyArray<unknown>, [{ above: 2, nan: 1 }])
  })
)

it.scoped("an empty file and a column of nulls have the types of the catalogue", () =>
  Effect.gen(function* () {
    const home = yield* folder
    const empty = join(home, "empty.parquet")
    const nulls = join(home, "nulls.parquet")
    yield* Export.toFile(query, Parquet.file(empty)).pipe(Effect.provide(answered([])))
    yield* Export.toFile(query, Parquet.file(nulls)).pipe(
      Effect.provide(answered([at("2024-03-01T00:00:00.000000+00:00", null)]))
    )

    const types = (path: string) =>
      sql(`SELECT string_agg(column_type, ', ') AS types FROM (DESCRIBE SELECT * FROM '${path}')`)
    const expected: ReadonlyArray<unknown> = [
      { types: "INTEGER, TIMESTAMP WITH TIME ZONE, BIGINT, DOUBLE, VARCHAR, VARCHAR" }
    ]
    assert.deepStrictEqual(yield* Effect.promise(() => types(empty)), expected)
    assert.deepStrictEqual(yield* Effect.promise(() => types(nulls)), expected)
    const bytes = yield* Effect.promise(() => readFile(empty))
    assert.strictEqual(parquetMetadata(new Uint8Array(bytes).buffer).num_rows, 0n)
  })
)

/**
 * A dataset in a DuckDB database. The database has a table for each table of the dataset, and the
 * manifest in the schema `innerspace`. Each change is one transaction.
 */
import { access } from "node:fs/promises"
import { resolve } from "node:path"
import type * as DuckDb from "@duckdb/node-api"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { DatasetError } from "../../DatasetError.js"
import type { Batch } from "../columns/batch.js"
import type { FileColumn, Value } from "../columns/column.js"
import * as Calendar from "../dataset/calendar.js"
import { keyNames, type TableDefinition } from "../dataset/definition.js"
import { connect, identifier, transaction } from "../duckdb/connection.js"
import { append, definitions } from "../duckdb/table.js"
import { step, unless } from "../files/system.js"
import * as Manifest from "./manifest.js"
import { digestOfRows } from "./partFile.js"
import { restatedColumns, restatedRows } from "./restatedFile.js"
import type { PartChange, Store } from "./store.js"

export const duckDbStore = (
  dataset: string,
  zone: string
): Effect.Effect<Store, never, Scope.Scope> =>
  Effect.gen(function* () {
    const path = resolve(dataset)
    const scope = yield* Effect.scope
    // The database is opened by the first step that uses it, and not here. Opening creates the
    // file, and `load` must not create it.
    const connected = yield* Effect.cached(Scope.extend(connect(path), scope))

    const run = (doing: string, sql: string) =>
      Effect.flatMap(connected, ({ step }) => step(doing, (connection) => connection.run(sql)))

    /**
     * Reads all rows at once, because a streaming read ends silently if the query fails half-way.
     */
    const all = (doing: string, sql: string) =>
      Effect.flatMap(connected, ({ step }) =>
        step(doing, (connection) => connection.runAndReadAll(sql))
      )

    const inTransaction = <A, E>(use: Effect.Effect<A, E>) =>
      Effect.flatMap(connected, (connection) => transaction(connection, use))

    const manifestText = Effect.map(
      all("read the manifest of", `SELECT contents FROM ${manifestTable}`),
      (reader) => reader.getRows()[0]?.[0]
    )

    const load = Effect.gen(function* () {
      const exists = yield* step("read", path, () => access(path).then(() => true)).pipe(
        unless("ENOENT")
      )
      if (exists === undefined) return undefined
      const found = yield* all(
        "read",
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'innerspace' AND table_name = 'manifest'"
      )
      if (found.currentRowCount === 0) return undefined
      return yield* Manifest.decode(String(yield* manifestText), dataset, path)
    })

    const open = Effect.gen(function* () {
      const found = yield* load
      if (found !== undefined) return found
      const manifest = Manifest.empty(zone)
      yield* inTransaction(
        Effect.gen(function* () {
          yield* run("create the schema innerspace in", "CREATE SCHEMA IF NOT EXISTS innerspace")
          yield* run(
            "create the manifest in",
            `CREATE TABLE ${manifestTable} AS SELECT ${literal(Manifest.encode(manifest))} AS contents`
          )
          yield* run(
            "create the table of restated rows in",
            `CREATE TABLE ${restatedTable} (${definitions(restatedColumns)})`
          )
        })
      )
      return manifest
    })

    /** Replaces the manifest. Must run within a transaction. */
    const store = (before: Manifest.Manifest, after: Manifest.Manifest) =>
      Effect.gen(function* () {
        const found = yield* Manifest.decode(String(yield* manifestText), dataset, path)
        if (found.generation !== before.generation) {
          return yield* new DatasetError({
            reason: "Conflict",
            problem: `The manifest of ${path} is of generation ${found.generation}, not ${before.generation}: another process has changed it`,
            hint: "Let one process at a time write the dataset, and run it again",
            dataset,
            path
          })
        }
        yield* run(
          "write the manifest of",
          `UPDATE ${manifestTable} SET contents = ${literal(Manifest.encode(after))}`
        )
        return after
      })

    const appendTo = (
      schema: string | undefined,
      table: string,
      columns: ReadonlyArray<FileColumn>,
      rows: Batch
    ) =>
      Effect.gen(function* () {
        const appender = yield* append(yield* connected, table, columns, schema)
        yield* appender.write(rows)
        yield* appender.end
      })

    const readRows = (table: TableDefinition, part: Pick<Manifest.Part, "fixed" | "month">) =>
      Effect.map(
        all(
          "read",
          `SELECT ${list(table.columns.map(({ name }) => name))} FROM ${identifier(table.name)} AS t WHERE ${isIn(table, part, zone)} ORDER BY ${list(keyNames(table))}`
        ),
        (reader) => batchOf(reader, table.columns)
      )

    const read: Store["read"] = (table, part) =>
      Effect.gen(function* () {
        const rows = yield* readRows(table, part)
        if ((yield* digestOfRows(table.columns, rows, part.month)) === part.sha256) return rows
        return yield* new DatasetError({
          reason: "AlteredPart",
          problem: `The rows of ${part.path} in ${path} do not match the manifest`,
          hint: `Read the month again: refresh { from: "${part.month}", until: "${part.month}" }`,
          dataset,
          table: part.table,
          path: part.path
        })
      })

    const entryOf = ({ comparison: { rows }, part, table }: PartChange) =>
      Effect.map(
        digestOfRows(table.columns, rows, part.month),
        (sha256): Manifest.Part => ({ ...part, rows: rows.length, bytes: 0, sha256 })
      )

    const replace: Store["replace"] = (manifest, change) =>
      Effect.gen(function* () {
        const { comparison, part, table } = change
        const entry = yield* entryOf(change)
        const info = manifest.tables[table.name]
        const after = {
          ...Manifest.withParts(manifest, [entry]),
          tables: {
            ...manifest.tables,
            [table.name]: info ?? { schemaVersion: 1, columns: table.columns }
          }
        }
        return yield* inTransaction(
          Effect.gen(function* () {
            const columns = definitions(table.columns)
            const name = identifier(table.name)
            // CREATE TABLE fails if the database has a table that the dataset has not created.
            if (info === undefined)
              yield* run("create a table in", `CREATE TABLE ${name} (${columns})`)
            yield* run("prepare rows in", `CREATE OR REPLACE TEMP TABLE incoming (${columns})`)
            yield* appendTo(undefined, "incoming", table.columns, comparison.rows)
            yield* run("merge rows into", merge(table, part, zone))
            yield* run("prepare rows in", "DROP TABLE incoming")
            yield* appendTo("innerspace", "restated", restatedColumns, restatedRows(change))
            return yield* store(manifest, after)
          })
        )
      })

    const rewrite: Store["rewrite"] = (manifest, table, changes) =>
      inTransaction(
        Effect.gen(function* () {
          const next = `${table.name}__next`
          const schemaVersion = (manifest.tables[table.name]?.schemaVersion ?? 0) + 1
          yield* run(
            "create a table in",
            `CREATE TABLE ${identifier(next)} (${definitions(table.columns)})`
          )
          const parts = yield* Stream.runFoldEffect(
            changes,
            [] as ReadonlyArray<Manifest.Part>,
            (parts, change) =>
              Effect.zipRight(
                appendTo(undefined, next, table.columns, change.comparison.rows),
                Effect.map(entryOf(change), (entry) => [...parts, { ...entry, schemaVersion }])
              )
          )
          yield* run("replace a table of", `DROP TABLE IF EXISTS ${identifier(table.name)}`)
          yield* run(
            "replace a table of",
            `ALTER TABLE ${identifier(next)} RENAME TO ${identifier(table.name)}`
          )
          const kept = new Set(parts.map(({ path }) => path))
          const removed = manifest.parts.flatMap(({ path, table: name }) =>
            name === table.name && !kept.has(path) ? [path] : []
          )
          return yield* store(manifest, {
            ...Manifest.withParts(manifest, parts, new Set(removed)),
            tables: {
              ...manifest.tables,
              [table.name]: { schemaVersion, columns: table.columns }
            }
          })
        })
      )

    return {
      load,
      open,
      read,
      replace,
      rewrite,
      remove: (manifest, parts, tables) =>
        inTransaction(
          Effect.gen(function* () {
            for (const part of parts) {
              const table = tables.find(({ name }) => name === part.table)
              if (table === undefined) continue
              yield* run(
                "remove rows from",
                `DELETE FROM ${identifier(table.name)} AS t WHERE ${isIn(table, part, zone)}`
              )
            }
            const removed = new Set(parts.map(({ path }) => path))
            return yield* store(manifest, Manifest.withParts(manifest, [], removed))
          })
        ),
      check: (part, table) =>
        table === undefined
          ? Effect.succeed(undefined)
          : Effect.matchEffect(read(table, part), {
              onFailure: (error) =>
                error._tag === "DatasetError" ? Effect.succeed(error) : Effect.fail(error),
              onSuccess: () => Effect.succeed(undefined)
            })
    }
  })

const manifestTable = "innerspace.manifest"
const restatedTable = "innerspace.restated"

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const list = (names: ReadonlyArray<string>): string => names.map(identifier).join(", ")

/** The SQL condition for a row of `t` that belongs to the part. */
const isIn = (
  { time }: TableDefinition,
  { fixed, month }: Pick<Manifest.Part, "fixed" | "month">,
  zone: string
): string => {
  const { end, start } = Calendar.namedMonth(month, zone)
  const instant = (at: number) => `make_timestamptz(${at}000::BIGINT)`
  return [
    ...Object.entries(fixed).map(
      ([column, value]) =>
        `t.${identifier(column)} = ${typeof value === "number" ? value : literal(value)}`
    ),
    `t.${identifier(time)} >= ${instant(start)}`,
    `t.${identifier(time)} < ${instant(end)}`
  ].join(" AND ")
}

/**
 * The SQL that replaces the rows of a part with the new rows. A row that is missing in the new rows
 * is deleted only if it belongs to the part.
 */
const merge = (
  table: TableDefinition,
  part: Pick<Manifest.Part, "fixed" | "month">,
  zone: string
): string => {
  const names = table.columns.map(({ name }) => name)
  const keys = keyNames(table)
  const values = names.filter((name) => !keys.includes(name)).map(identifier)
  const isOther = values.map((name) => `t.${name} IS DISTINCT FROM s.${name}`).join(" OR ")
  return [
    `MERGE INTO ${identifier(table.name)} AS t USING incoming AS s`,
    `ON ${keys.map((name) => `t.${identifier(name)} = s.${identifier(name)}`).join(" AND ")}`,
    ...(values.length === 0
      ? []
      : [
          `WHEN MATCHED AND (${isOther}) THEN UPDATE SET ${values.map((name) => `${name} = s.${name}`).join(", ")}`
        ]),
    `WHEN NOT MATCHED THEN INSERT (${list(names)}) VALUES (${names.map((name) => `s.${identifier(name)}`).join(", ")})`,
    `WHEN NOT MATCHED BY SOURCE AND ${isIn(table, part, zone)} THEN DELETE`
  ].join(" ")
}

const batchOf = (reader: DuckDb.DuckDBResultReader, columns: ReadonlyArray<FileColumn>): Batch => {
  const found = reader.getColumns()
  return {
    length: reader.currentRowCount,
    values: columns.map((_, index) => (found[index] ?? []).map(valueOf))
  }
}

/** Converts a value that was read from DuckDB. DuckDB returns instants and dates as objects. */
const valueOf = (value: DuckDb.DuckDBValue): Value | null => {
  if (typeof value !== "object" || value === null) return value
  if ("micros" in value) return BigInt(value.micros)
  if ("days" in value) return new Date(value.days * 86_400_000).toISOString().slice(0, 10)
  return String(value)
}

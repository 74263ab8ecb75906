/** The list of a dataset's parts. Only parts in the manifest belong to the dataset. */
import { createHash } from "node:crypto"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { DatasetError } from "../../DatasetError.js"
import { isMonth } from "../dataset/calendar.js"

const Digest = Schema.String.pipe(Schema.pattern(/^[0-9a-f]{64}$/))

const Instant = Schema.String.pipe(Schema.filter((text) => !Number.isNaN(Date.parse(text))))

/** A relative path with `/`, below the folder of the dataset. */
const Path = Schema.String.pipe(Schema.pattern(/^[A-Za-z_]\w*(\/\w+=[\w-]+)+\/part\.parquet$/))

/** A part: the rows of one table, building, granularity, metric and month. */
export const Part = Schema.Struct({
  /** Identifies the part. It is also the path of the part's file, if the part has rows. */
  path: Path,
  table: Schema.String,
  /** Columns that have the same value in all rows, by name. */
  fixed: Schema.Record({ key: Schema.String, value: Schema.Union(Schema.String, Schema.Number) }),
  month: Schema.String.pipe(Schema.filter(isMonth)),
  schemaVersion: Schema.Int,
  rows: Schema.NonNegativeInt,
  bytes: Schema.NonNegativeInt,
  /**
   * SHA-256 of the part's file, or null for a part without rows, which has no file. In a database,
   * SHA-256 of the file that the rows would have.
   */
  sha256: Schema.NullOr(Digest),
  /** The filter of the part's rows, without the time. */
  query: Schema.String,
  /** The span that has been read, over all runs. */
  readFrom: Instant,
  readUntil: Instant,
  /** When the part was last read. */
  readAt: Instant,
  /** The end of the last period with a row. Null if there are no rows. */
  publishedUntil: Schema.NullOr(Instant)
})

export interface Part extends Schema.Schema.Type<typeof Part> {}

const ColumnInfo = Schema.Struct({
  name: Schema.String,
  type: Schema.Literal(
    "boolean",
    "int32",
    "int64",
    "float64",
    "instant",
    "date",
    "decimal",
    "json",
    "text"
  ),
  isNullable: Schema.Boolean
})

export const TableInfo = Schema.Struct({
  schemaVersion: Schema.Int,
  columns: Schema.Array(ColumnInfo)
})

export interface TableInfo extends Schema.Schema.Type<typeof TableInfo> {}

const format = "innerspace-metrics dataset"
const formatVersion = 1

const Contents = Schema.Struct({
  format: Schema.Literal(format),
  formatVersion: Schema.Int,
  /** The number of changes of the dataset so far. */
  generation: Schema.NonNegativeInt,
  zone: Schema.String,
  tables: Schema.Record({ key: Schema.String, value: TableInfo }),
  parts: Schema.Array(Part)
})

export interface Manifest extends Schema.Schema.Type<typeof Contents> {}

export const empty = (zone: string): Manifest => ({
  format,
  formatVersion,
  generation: 0,
  zone,
  tables: {},
  parts: []
})

/**
 * The manifest contains a digest of itself, because a manifest that was edited by hand can hide a
 * lost part.
 */
export const encode = (manifest: Manifest): string =>
  `${JSON.stringify({ ...manifest, digest: digestOf(manifest) }, null, 1)}\n`

const digestOf = (manifest: object): string =>
  createHash("sha256").update(JSON.stringify(manifest)).digest("hex")

export const decode = (
  text: string,
  dataset: string,
  path: string
): Either.Either<Manifest, DatasetError> => {
  const damaged = (problem: string): DatasetError =>
    new DatasetError({
      reason: "Damaged",
      problem: `${path} ${problem}`,
      hint: "Restore it from a backup, or build the dataset again in an empty folder",
      dataset,
      path
    })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return Either.left(damaged("is not JSON: it was cut or edited"))
  }
  if (typeof json !== "object" || json === null || !("digest" in json)) {
    return Either.left(damaged("is not the manifest of a dataset"))
  }
  const { digest, ...contents } = json
  const version = "formatVersion" in contents ? contents.formatVersion : undefined
  if (typeof version === "number" && version > formatVersion) {
    return Either.left(
      new DatasetError({
        reason: "OtherVersion",
        problem: `${path} has format version ${version}, and this package knows ${formatVersion}`,
        hint: "Update @innerspace-metrics/export",
        dataset,
        path
      })
    )
  }
  if (digest !== digestOf(contents)) {
    return Either.left(damaged("has been edited: its digest does not match"))
  }
  return Either.mapLeft(Schema.decodeUnknownEither(Contents)(contents), (error) =>
    damaged(
      `is not a manifest of this version: ${ParseResult.ArrayFormatter.formatErrorSync(error)[0]?.message ?? ""}`
    )
  )
}

/** Returns the manifest with the given parts added or replaced, and the removed parts left out. */
export const withParts = (
  manifest: Manifest,
  changed: ReadonlyArray<Part>,
  removed: ReadonlySet<string> = new Set()
): Manifest => {
  const byPath = new Map(manifest.parts.map((part) => [part.path, part]))
  for (const part of changed) byPath.set(part.path, part)
  return {
    ...manifest,
    generation: manifest.generation + 1,
    parts: [...byPath.values()]
      .filter(({ path }) => !removed.has(path))
      .sort((one, other) => (one.path < other.path ? -1 : 1))
  }
}

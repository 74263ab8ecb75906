/**
 * The record of a change that has begun. The record is written before the files change, and removed
 * after the manifest has changed. If the process is killed in between, the next process completes
 * or undoes the change.
 */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { DatasetError } from "../../DatasetError.js"
import { type Manifest, Part, TableInfo, withParts } from "./manifest.js"

const Pending = Schema.Struct({
  /** The generation of the manifest after the change. */
  generation: Schema.Int,
  parts: Schema.Array(Part),
  removed: Schema.Array(Schema.String),
  /** The table whose columns change, with its new columns. */
  table: Schema.NullOr(Schema.Struct({ name: Schema.String, info: TableInfo })),
  /** Whether the folder of that table is replaced as a whole. */
  isRewrite: Schema.Boolean
})

export interface Pending extends Schema.Schema.Type<typeof Pending> {}

export const encode = (pending: Pending): string => `${JSON.stringify(pending)}\n`

export const decode = (
  text: string,
  dataset: string,
  path: string
): Either.Either<Pending, DatasetError> =>
  Either.mapLeft(
    Schema.decodeUnknownEither(Schema.parseJson(Pending))(text),
    () =>
      new DatasetError({
        reason: "Damaged",
        problem: `${path} has been edited`,
        hint: "Delete it, then run Dataset.verify",
        dataset,
        path
      })
  )

export const apply = (manifest: Manifest, { parts, removed, table }: Pending): Manifest => ({
  ...withParts(manifest, parts, new Set(removed)),
  tables: table === null ? manifest.tables : { ...manifest.tables, [table.name]: table.info }
})

/** An Arrow IPC stream: the schema, then a record batch for each batch of rows. */
import type * as Arrow from "apache-arrow"
import * as Effect from "effect/Effect"
import type { Batch } from "../columns/batch.js"
import type { ColumnType, FileColumn, Value } from "../columns/column.js"
import { load } from "./optionalPackage.js"
import type { Format } from "./target.js"

type Library = typeof Arrow

/** The size in bytes of the mark at the end of a stream (Arrow, "IPC Streaming Format"). */
const endOfStream = 8

export const arrow: Format = (columns, sink) =>
  Effect.map(
    load("apache-arrow", "Arrow", () => import("apache-arrow")),
    (library) => {
      const schema = new library.Schema(
        columns.map(
          ({ isNullable, name, type }) => new library.Field(name, typeOf(library, type), isNullable)
        )
      )
      // The library's writer keeps all messages of a stream until they are read. Each batch is
      // therefore written as a separate stream, and the schema and the end of that stream are left
      // out.
      const head = library.tableToIPC(new library.Table(schema), "stream").slice(0, -endOfStream)
      let isBegun = false
      const begin = Effect.suspend(() => {
        if (isBegun) return Effect.void
        isBegun = true
        return sink.write(head)
      })
      return {
        write: (batch) =>
          batch.length === 0
            ? Effect.void
            : Effect.zipRight(
                begin,
                Effect.suspend(() => {
                  const table = new library.Table([recordBatch(library, schema, columns, batch)])
                  return sink.write(
                    library.tableToIPC(table, "stream").slice(head.length, -endOfStream)
                  )
                })
              ),
        end: Effect.zipRight(
          begin,
          Effect.suspend(() => sink.write(new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0])))
        )
      }
    }
  )

const typeOf = (library: Library, type: ColumnType): Arrow.DataType => {
  switch (type) {
    case "boolean":
      return new library.Bool()
    case "int32":
      return new library.Int32()
    case "int64":
      return new library.Int64()
    case "float64":
      return new library.Float64()
    case "instant":
      return new library.TimestampMicrosecond("UTC")
    case "date":
      return new library.DateDay()
    case "decimal":
    case "json":
    case "text":
      return new library.Utf8()
  }
}

const recordBatch = (
  library: Library,
  schema: Arrow.Schema,
  columns: ReadonlyArray<FileColumn>,
  { length, values }: Batch
): Arrow.RecordBatch =>
  new library.RecordBatch(
    schema,
    library.makeData({
      type: new library.Struct(schema.fields),
      length,
      nullCount: 0,
      children: columns.map(({ type }, index) => columnData(library, type, values[index] ?? []))
    })
  )

type Values = ReadonlyArray<Value | null>

const columnData = (library: Library, type: ColumnType, values: Values): Arrow.Data => {
  const { length } = values
  const nullBitmap = new Uint8Array(Math.ceil(length / 8))
  let nullCount = 0
  for (const [index, value] of values.entries()) {
    if (value === null) nullCount++
    else setBit(nullBitmap, index)
  }
  const shape = { length, nullCount, nullBitmap }
  switch (type) {
    case "boolean": {
      const data = new Uint8Array(nullBitmap.length)
      for (const [index, value] of values.entries()) if (value === true) setBit(data, index)
      return library.makeData({ ...shape, type: new library.Bool(), data })
    }
    case "int32":
      return library.makeData({
        ...shape,
        type: new library.Int32(),
        data: Int32Array.from(values, Number)
      })
    case "int64":
      return library.makeData({
        ...shape,
        type: new library.Int64(),
        data: BigInt64Array.from(values, toBigInt)
      })
    case "float64":
      return library.makeData({
        ...shape,
        type: new library.Float64(),
        data: Float64Array.from(values, Number)
      })
    case "instant":
      return library.makeData({
        ...shape,
        type: new library.TimestampMicrosecond("UTC"),
        data: BigInt64Array.from(values, toBigInt)
      })
    case "date":
      return library.makeData({
        ...shape,
        type: new library.DateDay(),
        data: Int32Array.from(values, (value) =>
          value === null ? 0 : Date.parse(String(value)) / 86_400_000
        )
      })
    case "decimal":
    case "json":
    case "text": {
      const bytes = Buffer.from(values.map((value) => value ?? "").join(""), "utf8")
      const valueOffsets = new Int32Array(length + 1)
      for (const [index, value] of values.entries()) {
        valueOffsets[index + 1] =
          (valueOffsets[index] ?? 0) + (value === null ? 0 : Buffer.byteLength(String(value)))
      }
      return library.makeData({ ...shape, type: new library.Utf8(), valueOffsets, data: bytes })
    }
  }
}

const setBit = (bits: Uint8Array, index: number): void => {
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7))
}

const toBigInt = (value: Value | null): bigint => (typeof value === "bigint" ? value : 0n)

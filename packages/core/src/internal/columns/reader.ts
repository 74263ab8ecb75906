/**
 * Reads the pages of a stream into batches of columns.
 *
 * There are three ways to read a page, and the first one that can read it is used. A large body is
 * scanned if it is `{"data":{"table":[rows]}}` and nothing else. Any other body is parsed as JSON,
 * and its rows fill the columns; for a small body this is faster. A page that neither way can read
 * is read by the reader of rows, which finds the errors of the response, of its cells and of its
 * keys.
 */
import type * as Either from "effect/Either"
import type { ColumnBatch } from "../../ColumnBatch.js"
import type { JsonValue } from "../../JsonValue.js"
import type { DecodeError, QueryError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import type { CheckedStream } from "../stream/check.js"
import type { DecodePage, EndOfPage, Keys, Page, PageReader, PageRequest } from "../stream/page.js"
import { sliceOf } from "./batch.js"
import { type ColumnBuilder, capacityOf, RowsBuilder } from "./builder.js"
import { decodeText, isList, isObject, parse } from "./bytes.js"
import { elementsOf, fillRow, type Misfit, memberOf, noSource, wholeOf } from "./fill.js"
import { KeysInBody, KeysInRows, mayBeWrong } from "./keys.js"
import { type Field, fieldOf, fieldsOf, isFields } from "./plan.js"
import { Scratch, scan } from "./scan.js"
import type { Tools } from "./tools.js"

type Reader<Row> = PageReader<Row, ColumnBatch<Row>, ColumnBatch<Row>>

/** The reader of a query's pages. */
export const readerOf = <Row>(
  query: Query<Row>,
  tools: Tools
): Either.Either<Reader<Row>, QueryError> => {
  const selected = fieldsOf(query, tools)
  const [left, right] = tools
  if (!isFields(selected)) return left(selected)
  let layout: Layout | undefined
  return right({
    read: (decode, query, checked, request) => {
      // All pages of a stream have the same layout. It is made from the query of the first page,
      // because this query also has the key columns that the caller's query does not select.
      layout ??= layoutOf(selected, query, checked, tools)
      return readPage(layout, request, decode)
    },
    items: (batch, start, end) => [sliceOf(batch, start, end)]
  })
}

/** What the pages of a stream have in common. */
interface Layout {
  readonly tools: Tools
  readonly table: string
  /** The name of the rows in the data of a response. */
  readonly name: string
  /** The first `selected` fields become the columns of a batch. The other fields are only keys. */
  readonly selected: number
  readonly fields: ReadonlyArray<Field>
  readonly keyNames: ReadonlyArray<string>
  /** The places of the key columns in `fields`. */
  readonly keyPlaces: ReadonlyArray<number>
  /** Whether the bytes of a page can be read without the reader of rows. */
  readonly isReadable: boolean
  readonly example: RowsBuilder
  readonly scratch: Scratch
}

const layoutOf = <Row>(
  selected: ReadonlyArray<Field>,
  query: Query<Row>,
  { key }: CheckedStream<Row>,
  tools: Tools
): Layout => {
  const fields = [...selected]
  let isReadable = !selected.some(({ isRelated }) => isRelated)
  for (const { as, column } of query.besides) {
    const field = fieldOf(query, column, as, tools)
    if ("kind" in field) fields.push(field)
    else isReadable = false
  }
  const keyNames = key.map(
    ({ name }) => query.besides.find(({ column }) => column === name)?.as ?? name
  )
  const keyPlaces = keyNames.map((name) => fields.findIndex((field) => field.name === name))
  const keys = keyPlaces.map((place) => fields[place]?.kind)
  return {
    tools,
    table: query.table.name,
    // Only queries of rows can be streamed, so the name has no suffix such as `_aggregate`.
    name: query.alias ?? query.table.name,
    selected: selected.length,
    fields,
    keyNames,
    keyPlaces,
    isReadable:
      isReadable &&
      keys[0] === "timestamp" &&
      !keys.some((kind) => kind === undefined || kind === "json"),
    example: exampleOf(fields),
    scratch: new Scratch()
  }
}

let lastExample: RowsBuilder | undefined

/**
 * Columns without rows. The columns of each page take over the prefixes of these columns.
 *
 * They stay in memory after the page, because a collection of the whole heap discards the optimized
 * code for a class that has no object at that moment. Without them, the code of the scanner was
 * discarded between two pages, and a stream of columns took a third more CPU time. Measure it with
 * `npm run bench -- columns`, and see `findings/v8-code-without-objects.sh`.
 */
const exampleOf = (fields: ReadonlyArray<Field>): RowsBuilder => {
  const columns = lastExample?.columns ?? []
  const isLike =
    columns.length === fields.length &&
    columns.every(
      ({ field: { kind, name } }, index) =>
        name === fields[index]?.name && kind === fields[index]?.kind
    )
  if (lastExample === undefined || !isLike) lastExample = new RowsBuilder(fields, 1).expect()
  return lastExample
}

/** In bytes. A smaller body is parsed, which takes less time than creating the scanner's arrays. */
const smallBody = 8_192

// The steps below are functions and not closures of a page, because V8 would optimize the closures
// of each page again.

const readPage = <Row>(
  layout: Layout,
  request: PageRequest,
  decode: DecodePage<ReadonlyArray<Row>>
): ReturnType<Reader<Row>["read"]> => {
  const [left, right] = layout.tools
  let body: ReadonlyArray<Uint8Array> = []
  let found: Page<ColumnBatch<Row>> | undefined
  return {
    scan: (received) => {
      body = received.body
      found =
        layout.isReadable && received.status === 200
          ? pageIn(layout.scratch.join(body), layout, request)
          : undefined
      return found && right(noData)
    },
    decode: (data) => {
      if (found !== undefined) return right(found)
      const decoded = decode(data)
      return decoded._tag === "Left"
        ? left(decoded.left)
        : decodedPage(data, decoded.right.end, layout.scratch.join(body), layout)
    }
  }
}

/**
 * The page in a body; `undefined` if the reader of rows must read it. The page must not refer to
 * `body`, because the memory of `body` can belong to `scratch`, and the next body overwrites it.
 */
const pageIn = <Row>(
  body: Uint8Array,
  layout: Layout,
  request: PageRequest
): Page<ColumnBatch<Row>> | undefined => {
  const { fields, keyNames, name } = layout
  if (body.length >= smallBody) {
    const capacity = capacityOf(fields, request.limit, body.length)
    const rows = new RowsBuilder(fields, capacity)
    if (scan(body, name, rows, layout.example, layout.scratch)) {
      const starts = rows.starts.subarray(0, rows.length)
      return pageOf(rows, new KeysInBody(body, starts, keyNames), layout, request)
    }
  }
  const list = listIn(parse(decodeText(body)), name)
  if (list === undefined) return undefined
  if (list.length === 0) return emptyPage
  const rows = filled(fields, list, body, name)
  return rows instanceof RowsBuilder
    ? pageOf(rows, new KeysInRows(list, keyNames), layout, request)
    : undefined
}

/**
 * A page without rows, with which each window ends. A stream does not return its batch, so this
 * batch has no columns. If such a page took the path of other pages, V8 would compile `pageOf`
 * twice, because the columns of an example differ from those of a page.
 */
const emptyPage: Page<ColumnBatch<never>> = {
  rows: { length: 0, columns: {} as ColumnBatch<never>["columns"] },
  end: { rowCount: 0, lastKey: undefined, lastKeyStart: 0, keyBefore: undefined }
}

/** The page, unless its keys may be wrong. */
const pageOf = <Row>(
  rows: RowsBuilder,
  keys: Keys,
  { keyPlaces, selected, tools }: Layout,
  request: PageRequest
): Page<ColumnBatch<Row>> | undefined => {
  const key: Array<ColumnBuilder> = []
  for (const place of keyPlaces) {
    const column = rows.columns[place]
    if (column !== undefined) key.push(column)
  }
  return mayBeWrong(rows, key, keys, request, tools)
    ? undefined
    : { rows: batchOf(rows, selected), end: tools[7](keys) }
}

/** The page in `data`. The reader of rows has already accepted its rows and their keys. */
const decodedPage = <Row>(
  data: JsonValue,
  end: EndOfPage,
  body: Uint8Array,
  { fields, name, selected, table, tools }: Layout
): Either.Either<Page<ColumnBatch<Row>>, DecodeError> => {
  const list = isObject(data) ? data[name] : undefined
  // The reader of rows has checked that this is a list.
  const rows = filled(fields.slice(0, selected), isList(list) ? list : [], body, name)
  return rows instanceof RowsBuilder
    ? tools[1]({ rows: batchOf(rows, selected), end })
    : wrongCell(table, rows, tools)
}

/** The data of a response whose page was already found. `decode` does not use this data. */
const noData = () => null

/**
 * The rows of a response. `undefined` if the reader of rows must report an error: the response has
 * `errors`, or the rows are not a list.
 */
const listIn = (
  json: JsonValue | undefined,
  name: string
): ReadonlyArray<JsonValue> | undefined => {
  if (!isObject(json)) return undefined
  const { data, errors } = json
  const hasErrors =
    errors !== undefined && errors !== null && !(isList(errors) && errors.length === 0)
  const list = !hasErrors && isObject(data) ? data[name] : undefined
  return isList(list) ? list : undefined
}

/** The batch of a body whose data has only the field `rows`. */
const batchOfBody = <Row>(
  { table }: Query<Row>,
  fields: ReadonlyArray<Field>,
  body: Uint8Array,
  tools: Tools
): Either.Either<ColumnBatch<Row>, DecodeError> => {
  const list = listIn(parse(decodeText(body)), "rows") ?? []
  const rows = filled(fields, list, body, "rows")
  return rows instanceof RowsBuilder
    ? tools[1](batchOf<Row>(rows, fields.length))
    : wrongCell(table.name, rows, tools)
}

/** The first `count` columns as a batch. */
const batchOf = <Row>(rows: RowsBuilder, count: number): ColumnBatch<Row> => ({
  length: rows.length,
  // The cast is correct: a value's scalar determines its type in `Row` and the kind of its column.
  columns: rows.finish(count) as ColumnBatch<Row>["columns"]
})

/** Fills columns with the rows in `list`, which were parsed from `body` as JSON. */
const filled = (
  fields: ReadonlyArray<Field>,
  list: ReadonlyArray<JsonValue>,
  body: Uint8Array,
  name: string
): RowsBuilder | Misfit => {
  const rows = new RowsBuilder(fields, Math.max(1, list.length))
  const sources = fields.some(({ kind }) => hasSource.has(kind))
    ? sourcesOf(body, name, rows)
    : undefined
  for (const [row, json] of list.entries()) {
    const wrong = fillRow(rows.columns, json, sources?.next().value ?? noSource, row)
    if (wrong !== undefined) return wrong
  }
  rows.length = list.length
  return rows
}

/** The kinds of columns whose cells are read from the bytes, because `JSON.parse` changes them. */
const hasSource: ReadonlySet<Field["kind"]> = new Set(["json", "decimal", "int64"])

/** The position of each row in the body. */
const sourcesOf = (body: Uint8Array, name: string, rows: RowsBuilder) => {
  rows.expect()
  const data = memberOf(wholeOf(body), "data")
  const sources = data && memberOf(data, name)
  return sources && elementsOf(sources)
}

const wrongCell = (
  table: string,
  { cell, column: { field }, row }: Misfit,
  [left, , , , wrongValue]: Tools
): Either.Either<never, DecodeError> => {
  const expected = limits[field.kind] ?? "text without half of a surrogate pair, for a column"
  return left(wrongValue(table, ...field.source, expected, cell, row))
}

/** What a column can hold, if a row can hold more. */
const limits: { readonly [Kind in Field["kind"]]?: string } = {
  int32: "an integer of 32 bits, for a column",
  int64: "an integer of 64 bits, for a column"
}

/** Makes a batch from the JSON of a query's rows. */
export const batchOfJson = <Row>(
  query: Query<Row>,
  rows: unknown,
  tools: Tools
): Either.Either<ColumnBatch<Row>, QueryError | DecodeError> => {
  const fields = fieldsOf(query, tools)
  const [left] = tools
  return isFields(fields)
    ? batchOfBody(
        query,
        fields,
        new TextEncoder().encode(JSON.stringify({ data: { rows } })),
        tools
      )
    : left(fields)
}

/**
 * Reads the pages of a stream into batches of columns.
 *
 * There are three ways to read a page, and the first one that can read it is used. A large body
 * with the expected spelling is scanned. Any other body is parsed as JSON, and its rows fill the
 * columns; for a small body this is faster. A page that neither way can read is read by the reader
 * of rows, which finds the errors of the response, of its cells and of its keys.
 */
import type * as Either from "effect/Either"
import type { ColumnBatch } from "../../ColumnBatch.js"
import type { JsonValue } from "../../JsonValue.js"
import type { DecodeError, QueryError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import type { Keys, Page, PageReader } from "../stream/page.js"
import { sliceOf } from "./batch.js"
import { capacityOf, RowsBuilder } from "./builder.js"
import { decodeText, isList, isObject, parse } from "./bytes.js"
import { elementsOf, fillRow, type Misfit, memberOf, noSource, wholeOf } from "./fill.js"
import { KeysInBody, KeysInRows, mayBeWrong } from "./keys.js"
import { type Field, fieldOf, fieldsOf, isFields } from "./plan.js"
import { scan } from "./scan.js"
import type { Tools } from "./tools.js"

/** The name of a query's rows in the data of a response: a stream has only queries of rows. */
const keyOf = ({ alias, table }: Query<unknown>): string => alias ?? table.name

type Reader<Row> = PageReader<Row, ColumnBatch<Row>, ColumnBatch<Row>>

/** The reader of a query's pages. */
export const readerOf = <Row>(
  query: Query<Row>,
  tools: Tools
): Either.Either<Reader<Row>, QueryError> => {
  const fields = fieldsOf(query, tools)
  const [left, right] = tools
  if (!isFields(fields)) return left(fields)
  return right({
    read: (...page) => readPage(fields, tools, ...page),
    items: (batch, start, end) => [sliceOf(batch, start, end)]
  })
}

/** In bytes. A smaller body is parsed, which takes less time than creating the scanner's arrays. */
const smallBody = 8_192

const readPage = <Row>(
  selected: ReadonlyArray<Field>,
  tools: Tools,
  ...[decode, query, checked, request]: Parameters<Reader<Row>["read"]>
): ReturnType<Reader<Row>["read"]> => {
  const [left, right] = tools
  const name = keyOf(query)
  const fields = [...selected]
  let isReadable = !selected.some(({ isRelated }) => isRelated)
  for (const { as, column } of query.besides) {
    const field = fieldOf(query, column, as, tools)
    if ("kind" in field) fields.push(field)
    else isReadable = false
  }

  const scanned = (body: Uint8Array): RowsBuilder | undefined => {
    const rows = new RowsBuilder(fields, capacityOf(fields, request.limit, body.length))
    return scan(body, name, rows) ? rows : undefined
  }

  // The stream adds the key columns that are not selected.
  const names = checked.key.map(
    ({ name }) => query.besides.find(({ column }) => column === name)?.as ?? name
  )

  const parsedPage = (body: Uint8Array): Page<ColumnBatch<Row>> | undefined => {
    const list = listIn(parse(decodeText(body)), name)
    const rows = list === undefined ? undefined : filled(fields, list, body, name)
    return list !== undefined && rows instanceof RowsBuilder
      ? pageOf(rows, new KeysInRows(list, names))
      : undefined
  }

  /** The page, unless its keys may be wrong. */
  const pageOf = (rows: RowsBuilder, keys: Keys): Page<ColumnBatch<Row>> | undefined => {
    const key = names.flatMap((name) => rows.columns.find(({ field }) => field.name === name) ?? [])
    const isComparable =
      key.length === names.length &&
      key[0]?.kind === "timestamp" &&
      !key.some(({ kind }) => kind === "json")
    return isComparable && !mayBeWrong(rows, key, keys, request, tools)
      ? { rows: batchOf(rows, selected.length), keys }
      : undefined
  }

  let body: Uint8Array = new Uint8Array(0)
  let found: Page<ColumnBatch<Row>> | undefined
  return {
    scan: (received) => {
      body = received.body
      found = undefined
      if (!isReadable || received.status !== 200) return undefined
      const rows = body.length < smallBody ? undefined : scanned(body)
      found =
        rows === undefined
          ? parsedPage(body)
          : pageOf(rows, new KeysInBody(body, rows.starts.subarray(0, rows.length), names))
      return found && right(noData)
    },
    decode: (data) => {
      if (found !== undefined) return right(found)
      const decoded = decode(data)
      if (decoded._tag === "Left") return left(decoded.left)
      const list = isObject(data) ? data[name] : undefined
      // The reader of rows accepts nothing but a list.
      const rows = filled(selected, isList(list) ? list : [], body, name)
      return rows instanceof RowsBuilder
        ? right({ rows: batchOf(rows, selected.length), keys: decoded.right.keys })
        : wrongCell(query.table.name, rows, tools)
    }
  }
}

/** The data of a response that was read already. */
const noData = () => null

/** The rows of a response that the reader of rows finds to be without errors. */
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

/** The columns of a body whose data has only `rows`. */
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
  // Each selected value has the column of its type, because both follow from its scalar.
  columns: rows.finish(count) as ColumnBatch<Row>["columns"]
})

/** The columns of a body's rows, which were parsed as JSON. */
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

/** Columns with cells that must be read from the bytes, because a JSON parser changes them. */
const hasSource: ReadonlySet<Field["kind"]> = new Set(["json", "decimal", "int64"])

/** Where each row begins. */
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

/** A query's rows, as a server sends them, as a batch. */
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

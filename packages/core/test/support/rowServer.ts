/**
 * A server of one table with Hasura's `where`, `order_by` and `limit`. `Manners` make it behave as
 * badly as a real server can. It reads the documents that it gets, and uses no code of the client.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import { type ArgumentNode, type FieldNode, Kind, parse, type ValueNode } from "graphql"

/** A cell of the table. A number with more digits than a double has is a `Digits`. */
export type Cell = string | number | boolean | null | Digits

/** A JSON number, kept as its text. */
export class Digits {
  constructor(readonly text: string) {}
}

export interface Row {
  readonly [column: string]: Cell | ReadonlyArray<Row> | Row
}

/** How the server changes its responses. */
export interface Manners {
  /**
   * The most rows that a role gets in one response. The server leaves out other rows without an
   * error.
   */
  readonly rowLimit?: number
  /** Returns how many rows of a page the server sends. */
  readonly cut?: (rows: number) => number
  /** The most rows of a page. The gateway rejects a request for more rows. */
  readonly gatewayLimit?: number
  readonly gatewayStatus?: number
  /** Replaces the rows of a response. `page` is the number of the request, from 1. */
  readonly change?: (rows: ReadonlyArray<Row>, page: number) => ReadonlyArray<Row>
  readonly ignoresCursor?: boolean
  /** Runs before the server responds to a request. */
  readonly onRequest?: () => void
}

export interface RowServer {
  readonly url: string
  /** Sets the manners from the next request on, and counts requests from 0 again. */
  readonly behave: (manners: Manners) => void
  readonly fill: (rows: ReadonlyArray<Row>) => void
  readonly requests: () => number
}

export const rowServer = (table: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      let manners: Manners = {}
      let rows: ReadonlyArray<Row> = []
      let requests = 0
      const server = createServer((request, response) =>
        read(request, (body) => {
          requests++
          manners.onRequest?.()
          answer(response, table, rows, manners, body, requests)
        })
      )
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      // A server that listens on a port has an address with a port.
      const { port } = server.address() as AddressInfo
      const control: RowServer = {
        url: `http://127.0.0.1:${port}`,
        behave: (next) => {
          manners = next
          requests = 0
        },
        fill: (next) => {
          rows = next
        },
        requests: () => requests
      }
      return { server, control }
    }),
    ({ server }) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  ).pipe(Effect.map(({ control }) => control))

const read = (request: IncomingMessage, done: (body: string) => void) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("error", () => {})
  request.on("end", () => done(Buffer.concat(chunks).toString()))
}

interface Variables {
  readonly [name: string]: unknown
}

const answer = (
  response: ServerResponse,
  table: string,
  rows: ReadonlyArray<Row>,
  manners: Manners,
  body: string,
  page: number
) => {
  const { query, variables }: { query: string; variables: Variables } = JSON.parse(body)
  const [definition] = parse(query).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION) {
    response.writeHead(400).end()
    return
  }
  const fields = definition.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection] : []
  )
  const data: { [name: string]: ReadonlyArray<unknown> } = {}
  for (const field of fields) {
    const argument = (name: string) =>
      valueOf(field.arguments?.find((one) => one.name.value === name)?.value, variables)
    const where =
      manners.ignoresCursor === true ? withoutCursor(argument("where")) : argument("where")
    const limit = argument("limit")
    if (manners.gatewayLimit !== undefined && Number(limit ?? rows.length) > manners.gatewayLimit) {
      response
        .writeHead(manners.gatewayStatus ?? 502, { "content-type": "text/html" })
        .end("<html>Too much</html>")
      return
    }
    const found = rows
      .filter((row) => holds(row, where) === true)
      .sort(compareBy(argument("order_by")))
    const most = Math.min(
      limit === undefined ? found.length : Number(limit),
      manners.rowLimit ?? found.length
    )
    const sent = found.slice(0, most)
    const cut = sent.slice(0, manners.cut?.(sent.length) ?? sent.length)
    data[(field.alias ?? field.name).value] = (manners.change?.(cut, page) ?? cut).map((row) =>
      selected(row, field, table)
    )
  }
  response.writeHead(200, { "content-type": "application/json" }).end(jsonOf({ data }))
}

/** Writes JSON in which each number keeps all of its digits. */
const jsonOf = (value: unknown): string => {
  if (value instanceof Digits) return value.text
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(",")}]`
  return typeof value === "object" && value !== null
    ? `{${Object.entries(value)
        .map(([key, part]) => `${JSON.stringify(key)}:${jsonOf(part)}`)
        .join(",")}}`
    : JSON.stringify(value)
}

const selected = (row: Row, field: FieldNode, table: string): unknown =>
  Object.fromEntries(
    (field.selectionSet?.selections ?? []).flatMap((selection) => {
      if (selection.kind !== Kind.FIELD) return []
      const value = row[selection.name.value] ?? null
      const nested = selection.selectionSet !== undefined
      const shown =
        !nested || value === null
          ? value
          : isRows(value)
            ? value.map((one) => selected(one, selection, table))
            : isRow(value)
              ? selected(value, selection, table)
              : value
      return [[(selection.alias ?? selection.name).value, shown] as const]
    })
  )

const isRows = (value: Row[string] | undefined): value is ReadonlyArray<Row> => Array.isArray(value)

const isRow = (value: Row[string] | undefined): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Digits)

const valueOf = (node: ArgumentNode["value"] | undefined, variables: Variables): unknown => {
  if (node === undefined) return undefined
  const of = (value: ValueNode): unknown => valueOf(value, variables)
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables[node.name.value]
    case Kind.LIST:
      return node.values.map(of)
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, of(value)]))
    case Kind.NULL:
      return null
    case Kind.BOOLEAN:
      return node.value
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    default:
      return node.value
  }
}

type Truth = boolean | null

const and = (parts: ReadonlyArray<Truth>): Truth =>
  parts.includes(false) ? false : parts.includes(null) ? null : true

const or = (parts: ReadonlyArray<Truth>): Truth =>
  parts.includes(true) ? true : parts.includes(null) ? null : false

const not = (truth: Truth): Truth => (truth === null ? null : !truth)

const entriesOf = (value: unknown): ReadonlyArray<readonly [string, unknown]> =>
  typeof value === "object" && value !== null ? Object.entries(value) : []

const listOf = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [value])

/**
 * Removes the cursor from a filter. A cursor is the last two parts of `_and`. The first part is the
 * earliest time of the page. The second part is an `_or` of the ways in which a row can come later,
 * and its first element is a later time.
 */
const withoutCursor = (where: unknown): unknown => {
  const [[key, value] = ["", []]] = entriesOf(where)
  const parts = listOf(value)
  const [from, later] = parts.slice(-2)
  const [[time, bound] = ["", {}]] = entriesOf(from)
  const [alternatives = []] = entriesOf(later).flatMap(([name, part]) =>
    name === "_or" ? [listOf(part)] : []
  )
  const isCursor =
    key === "_and" &&
    JSON.stringify(alternatives[0]) ===
      JSON.stringify({ [time]: { _gt: Object.fromEntries(entriesOf(bound))["_gte"] } })
  return isCursor ? { _and: parts.slice(0, -2) } : where
}

/** Whether a row matches a filter, by SQL's three-valued logic. */
const holds = (row: Row, where: unknown): Truth =>
  and(
    entriesOf(where).map(([key, value]) => {
      if (key === "_and") return and(listOf(value).map((part) => holds(row, part)))
      if (key === "_or") return or(listOf(value).map((part) => holds(row, part)))
      if (key === "_not") return not(holds(row, value))
      const cell = row[key] ?? null
      if (isRows(cell)) return cell.some((one) => holds(one, value) === true)
      if (isRow(cell)) return holds(cell, value) === true
      return and(
        entriesOf(value).map(([operator, operand]) => compares(key, cell, operator, operand))
      )
    })
  )

const compares = (column: string, cell: Cell, operator: string, operand: unknown): Truth => {
  // Without an underscore, the name is a column of a relationship. The relationship has no row
  // here, so it cannot match.
  if (!operator.startsWith("_")) return false
  if (operator === "_is_null") return (cell === null) === operand
  if (cell === null) return null
  const order = (value: unknown) => compareCells(column, cell, cellOf(value))
  switch (operator) {
    case "_eq":
      return order(operand) === 0
    case "_neq":
      return order(operand) !== 0
    case "_in":
      return listOf(operand).some((value) => order(value) === 0)
    case "_nin":
      return !listOf(operand).some((value) => order(value) === 0)
    case "_gt":
      return order(operand) > 0
    case "_gte":
      return order(operand) >= 0
    case "_lt":
      return order(operand) < 0
    case "_lte":
      return order(operand) <= 0
    default:
      return false
  }
}

const cellOf = (value: unknown): Cell =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : null

/**
 * Compares two cells that are not null. The end of a column's name tells its type: `..._at` is a
 * time, and `..._number` is a decimal of any length.
 */
const compareCells = (column: string, one: Cell, other: Cell): number => {
  if (column.endsWith("_at")) return compare(microseconds(String(one)), microseconds(String(other)))
  if (column.endsWith("_number")) return compare(decimal(textOf(one)), decimal(textOf(other)))
  return typeof one === "number" ? compare(one, Number(other)) : compare(String(one), String(other))
}

const textOf = (cell: Cell): string => (cell instanceof Digits ? cell.text : String(cell))

const compare = <A extends bigint | number | string>(one: A, other: A): number =>
  one < other ? -1 : one > other ? 1 : 0

const microseconds = (text: string): bigint => {
  const [, seconds = "", fraction = "", zone = "Z"] = /^([^.+Z]*)(?:\.(\d+))?(.*)$/.exec(text) ?? []
  return (
    BigInt(Date.parse(`${seconds}${zone === "" ? "Z" : zone}`)) * 1000n +
    BigInt(fraction.padEnd(6, "0").slice(0, 6))
  )
}

/** A decimal as a whole number, with thirty digits after the point. */
const decimal = (text: string): bigint => {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  const digits = BigInt(whole + fraction.padEnd(30, "0"))
  return sign === "" ? digits : -digits
}

/** Orders rows by columns: ascending, with nulls last. */
const compareBy = (orderBy: unknown) => {
  const columns = listOf(orderBy ?? []).flatMap((entry) => entriesOf(entry).map(([name]) => name))
  return (one: Row, other: Row): number => {
    for (const column of columns) {
      const [a, b] = [one[column] ?? null, other[column] ?? null]
      const order =
        a === null || b === null
          ? Number(a === null) - Number(b === null)
          : isRow(a) || isRows(a) || isRow(b) || isRows(b)
            ? 0
            : compareCells(column, a, b)
      if (order !== 0) return order
    }
    return 0
  }
}

/** The rows of an answer, cell by cell. */
import * as Either from "effect/Either"
import type * as Column from "../Column.js"
import { isJsonArray, isJsonObject, type JsonValue } from "../JsonValue.js"
import { DecodeError } from "../MetricsError.js"
import type { Query } from "../Query.js"
import { shorten } from "./shorten.js"

export const decodeRows = <Row>(
  data: JsonValue,
  query: Query<Row>,
  columns: ReadonlyArray<readonly [name: string, column: Column.Any]>
): Either.Either<ReadonlyArray<Row>, DecodeError> => {
  const table = query.table.name
  const key = query.alias ?? table
  const list = isJsonObject(data) ? data[key] : undefined
  if (!isJsonArray(list)) {
    return Either.left(wrongShape(table, `The answer's field ${key}`, "a list of rows", list))
  }
  const rows: Array<Row> = new Array(list.length)
  for (let index = 0; index < list.length; index++) {
    const source = list[index]
    if (!isJsonObject(source)) {
      return Either.left(
        wrongShape(table, `Row ${index} of the answer's field ${key}`, "an object", source, index)
      )
    }
    const row: Record<string, unknown> = {}
    for (const [name, column] of columns) {
      const cell = source[name]
      if (cell === null && column.isNullable) {
        row[name] = null
        continue
      }
      const decoded = cell === undefined ? Either.left("the column") : column.scalar.decode(cell)
      if (Either.isLeft(decoded)) {
        return Either.left(
          new DecodeError({
            reason: "WrongValue",
            problem: `${table}.${name} of row ${index} is ${shorten(cell)}, expected ${decoded.left}`,
            hint: `The catalogue says ${column.scalar.name}, ${column.isNullable ? "nullable" : "never null"} (${column.evidence}); where the server knows better, make a Table with another type`,
            table,
            row: index,
            column: name,
            expected: decoded.left,
            found: shorten(cell)
          })
        )
      }
      row[name] = decoded.right
    }
    // Query.from derives Row from these columns, each of which has just been decoded by its own scalar.
    rows[index] = row as Row
  }
  return Either.right(rows)
}

const wrongShape = (
  table: string,
  thing: string,
  expected: string,
  found: JsonValue | undefined,
  row?: number
): DecodeError =>
  new DecodeError({
    reason: "WrongShape",
    problem: `${thing} is ${shorten(found)}, expected ${expected}`,
    hint: "Check that the base URL is that of the API generation in use",
    table,
    row,
    expected,
    found: shorten(found)
  })

/**
 * Restores the digits of numbers that `JSON.parse` has rounded, in the cells whose type must keep
 * all digits.
 */
import { isJsonArray, isJsonObject, type JsonValue } from "../../JsonValue.js"
import type * as Scalar from "../../Scalar.js"

/**
 * Parses the text of a response. A number that a double cannot hold becomes text with all digits.
 * Returns `undefined` if the response has no such number.
 */
interface Parse extends NonNullable<Scalar.Any["parseExact"]> {
  /**
   * False if `JSON.parse` may have rounded a number in these cells of `data`. Only the parser of
   * integer types has this function, so a bundle without these types does not contain its code.
   */
  readonly isExact?: (data: JsonValue, cells: ExactCells | Parse) => boolean
}

/**
 * The cells that must keep all digits, by name. The cells of related rows are in an object under
 * the name of the relationship, also if the related rows are a list. The value under the name of a
 * cell is the `parseExact` of the cell's scalar.
 */
export interface ExactCells {
  readonly [name: string]: Parse | ExactCells
}

export const exactCellsOf = (
  values: ReadonlyArray<{ readonly key: string; readonly exact: Parse | ExactCells | undefined }>
): ExactCells | undefined => {
  const cells = values.flatMap(({ exact, key }) =>
    exact === undefined ? [] : [[key, exact] as const]
  )
  return cells.length > 0 ? Object.fromEntries(cells) : undefined
}

/**
 * Returns the data of a response with all digits of the given cells: a number in such a cell that
 * `JSON.parse` has rounded is replaced by its text.
 */
export const withExactCells = (data: JsonValue, text: string, cells: ExactCells): JsonValue => {
  const parse = parseOf(cells)
  const envelope = parse?.isExact?.(data, cells) ? undefined : parse?.(text)
  return isJsonObject(envelope) ? merged(data, envelope["data"], cells) : data
}

/**
 * The parser of one of the cells. It does not matter which cell is used, because each parser parses
 * the whole text.
 */
const parseOf = (cells: ExactCells): Parse | undefined => {
  const [cell] = Object.values(cells)
  return typeof cell === "object" ? parseOf(cell) : cell
}

/**
 * Replaces the given cells of `data` by the cells of `exact`. `data` and `exact` have the same
 * structure, because they come from the same text.
 */
const merged = (
  data: JsonValue,
  exact: JsonValue | undefined,
  cells: ExactCells | Parse
): JsonValue => {
  if (isJsonArray(data) && isJsonArray(exact)) {
    return data.map((element, index) => merged(element, exact[index], cells))
  }
  if (typeof cells === "function") {
    return typeof data === "number" && !cells.isExact?.(data, cells) ? (exact ?? data) : data
  }
  if (!isJsonObject(data) || !isJsonObject(exact)) return data
  return {
    ...data,
    ...Object.fromEntries(
      Object.entries(cells).flatMap(([name, below]) =>
        // A row inherits some properties, such as `constructor`, so only its own values are read.
        Object.hasOwn(data, name) ? [[name, merged(data[name] ?? null, exact[name], below)]] : []
      )
    )
  }
}

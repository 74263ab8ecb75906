/** Which cells of a response are exact numbers, and how they get their digits. */
import { isJsonArray, isJsonObject, type JsonValue } from "../../JsonValue.js"
import type * as Scalar from "../../Scalar.js"

/**
 * Parses the text of a response, and returns numbers with all of their digits as text. Returns
 * `undefined` if doubles can hold all numbers of the response.
 */
interface Parse extends NonNullable<Scalar.Any["parseExact"]> {
  /**
   * Whether the cells in `data` have all of their digits. Only types that can tell this have the
   * function, so that bundles with other types do not contain its code.
   */
  readonly isExact?: (data: JsonValue, cells: ExactCells | Parse) => boolean
}

/**
 * The cells by name, at any depth. A list does not add a level. Each cell has the `parseExact` of
 * its scalar.
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

/** The data of a response, in which exact cells are text with all digits. */
export const withExactCells = (data: JsonValue, text: string, cells: ExactCells): JsonValue => {
  const parse = parseOf(cells)
  const envelope = parse?.isExact?.(data, cells) ? undefined : parse?.(text)
  return isJsonObject(envelope) ? merged(data, envelope["data"], cells) : data
}

/** The parser of one of the cells. Any cell will do, because each parser reads the whole text. */
const parseOf = (cells: ExactCells): Parse | undefined => {
  const [cell] = Object.values(cells)
  return typeof cell === "object" ? parseOf(cell) : cell
}

/**
 * Merges two results of parsing one text. They have the same structure, because the text is the
 * same.
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
        // A row without a value named `constructor` inherits one.
        Object.hasOwn(data, name) ? [[name, merged(data[name] ?? null, exact[name], below)]] : []
      )
    )
  }
}

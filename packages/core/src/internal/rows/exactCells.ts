/** Which cells of an answer are exact numbers, and how they get their digits. */
import { isJsonArray, isJsonObject, type JsonValue } from "../../JsonValue.js"
import type * as Scalar from "../../Scalar.js"
import { parseExactIntegers } from "../scalar/exactNumbers.js"

/**
 * Parses the text of an answer with all digits. Returns `undefined` if a double holds all of its
 * numbers.
 */
type Parse = NonNullable<Scalar.Any["parseExact"]>

/**
 * The cells by name, at any depth. Lists have no level of their own. Each cell has its scalar's
 * `parseExact`.
 */
export interface ExactCells {
  readonly [name: string]: Parse | ExactCells
}

export const exactCellsOf = (
  values: ReadonlyArray<{ readonly key: string; readonly exact: Parse | ExactCells | undefined }>
): ExactCells | undefined => {
  const cells: { [name: string]: Parse | ExactCells } = {}
  let hasAny = false
  for (const { exact, key } of values) {
    if (exact === undefined) continue
    cells[key] = exact
    hasAny = true
  }
  return hasAny ? cells : undefined
}

/** The data of an answer, in which exact cells are text with all digits. */
export const withExactCells = (data: JsonValue, text: string, cells: ExactCells): JsonValue => {
  if (!isInexact(data, cells)) return data
  const envelope = parseOf(cells)?.(text)
  return isJsonObject(envelope) ? merged(data, envelope["data"], cells) : data
}

const parseOf = (cells: ExactCells): Parse | undefined => {
  for (const cell of Object.values(cells)) {
    const parse = typeof cell === "function" ? cell : parseOf(cell)
    if (parse !== undefined) return parse
  }
  return undefined
}

/**
 * Whether a cell may have lost digits. A decimal always may. An integer has lost some only if it is
 * not a safe one, so the text of nearly all answers with integers is parsed once.
 */
const isInexact = (data: JsonValue | undefined, cells: ExactCells | Parse): boolean => {
  if (isJsonArray(data)) return data.some((element) => isInexact(element, cells))
  if (typeof cells === "function") return typeof data === "number" && !isSafe(data, cells)
  if (!isJsonObject(data)) return false
  for (const name of Object.keys(cells)) {
    const below = cells[name]
    if (below !== undefined && isInexact(data[name], below)) return true
  }
  return false
}

const isSafe = (cell: number, parse: Parse): boolean =>
  parse === parseExactIntegers && Number.isSafeInteger(cell)

/** Merges two parses of one text, which have the same structure. */
const merged = (
  data: JsonValue,
  exact: JsonValue | undefined,
  cells: ExactCells | Parse
): JsonValue => {
  if (isJsonArray(data) && isJsonArray(exact)) {
    return data.map((element, index) => merged(element, exact[index], cells))
  }
  if (typeof cells === "function") {
    return typeof data === "number" && !isSafe(data, cells) ? (exact ?? data) : data
  }
  if (!isJsonObject(data) || !isJsonObject(exact)) return data
  const changed: { [name: string]: JsonValue } = { ...data }
  for (const name of Object.keys(cells)) {
    const cell = data[name]
    const below = cells[name]
    if (cell !== undefined && below !== undefined && Object.hasOwn(data, name)) {
      changed[name] = merged(cell, exact[name], below)
    }
  }
  return changed
}

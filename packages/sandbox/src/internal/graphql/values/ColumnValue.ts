import { make, validationFailed } from "../HasuraError.js"
import type { Json } from "../json/Json.js"
import { isList, isNumber, kindOf, print } from "../json/Json.js"
import { NotJson, parseJson } from "../json/parseJson.js"
import * as Scientific from "../json/Scientific.js"
import type { ColumnType } from "./ColumnType.js"
import * as EnumValue from "./EnumValue.js"
import type { InputValue, Variables } from "./InputValue.js"
import { parseList } from "./InputValue.js"
import { outOfBounds } from "./IntegerValue.js"

/**
 * Reads one value for a column and returns the text that PostgreSQL will cast.
 *
 * Hasura converts the value to JSON first. Nearly every column type therefore accepts a string and
 * passes it on, so a malformed string fails in PostgreSQL and not here. An enum value in the
 * document (a name without quotes) becomes a string too. A number for a text column and a fraction
 * for an integer column are rejected here.
 */
export const parse = (
  type: ColumnType,
  input: InputValue,
  variables: Variables,
  path: string,
  expectedType: string = type.name
): string => {
  const value = variables.peel(input, expectedType, path)
  if (type.values !== undefined) return EnumValue.parse(value, type.name, type.values, path)
  const json = variables.toJson(value)
  if (json === null) {
    const name = (type.element ?? type).name
    throw validationFailed(`unexpected null value for type '${name}'`, path)
  }
  return refusingAt(path, () => textOf(type, json))
}

/** Reads a list of values for a column. */
export const parseValues = (
  type: ColumnType,
  input: InputValue,
  variables: Variables,
  path: string
): ReadonlyArray<string> =>
  parseList(input, type.name, variables, path, (element, at) => {
    const text = parse(type, element, variables, at, `${type.name}!`)
    return type.kind === "json" ? unwrapped(text) : text
  })

/**
 * A value in a list of JSON values. If the value is a string that contains JSON, this JSON is used.
 */
const unwrapped = (text: string): string => {
  const json = parseJson(text)
  if (typeof json !== "string") return text
  try {
    return print(parseJson(json))
  } catch (error) {
    if (error instanceof NotJson) return text
    throw error
  }
}

class Unreadable {
  constructor(readonly message: string) {}
}

const refusingAt = <A>(path: string, read: () => A): A => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Unreadable) throw make("parse-failed", error.message, { path })
    throw error
  }
}

const textOf = (type: ColumnType, json: Exclude<Json, null>): string => {
  if (type.kind === "json") return print(json)
  if (type.sql === "ltree") return labelPath(json)
  if (typeof json === "string") return json
  if (type.element !== undefined) return arrayOf(type.element, json)

  switch (type.kind) {
    case "small integer":
      return integer("PGSmallInt", 16, json)
    case "integer":
      return integer("PGInteger", 32, json)
    case "wide integer":
      return integer("PGBigInt", 64, json)
    case "number":
      return decimal(type, json)
    case "boolean":
      if (typeof json === "boolean") return String(json)
      throw mismatch("Bool", "Boolean", json)
    default:
      throw notText(type, json)
  }
}

/** PostgreSQL's text of an array. */
const arrayOf = (element: ColumnType, json: Json): string => {
  if (!isList(json)) throw mismatch("[]", "Array", json)
  const parts = json.map((part) =>
    part === null ? "null" : `"${textOf(element, part).replace(/["\\]/g, "\\$&")}"`
  )
  return `{${parts.join(",")}}`
}

const integer = (name: string, bits: number, json: Json): string => {
  if (!isNumber(json)) {
    throw mismatch(`Integer expected for input type: ${name}`, "Number", json)
  }
  const number = Scientific.parse(json.text)
  const whole = Scientific.toInteger(number, bits)
  if (whole === undefined) throw new Unreadable(outOfBounds(number))
  return whole.toString()
}

const decimal = (type: ColumnType, json: Json): string => {
  const single = type.sql === "real"
  if (!isNumber(json)) {
    const context = single ? "PGFloat" : "PGDouble"
    throw mismatch(
      type.sql === "numeric" ? "Scientific" : `Float expected for input type: ${context}`,
      "Number",
      json
    )
  }
  const number = Scientific.parse(json.text)
  if (number.coefficient === 0n) return "0"
  if (type.sql === "numeric") return json.text
  const nearest = single ? Math.fround(Number(json.text)) : Number(json.text)
  if (nearest === 0 || !Number.isFinite(nearest)) {
    throw new Unreadable(
      `The value ${Scientific.show(number)} lies outside the bounds. ` +
        "Is it overflowing the float bounds?"
    )
  }
  return json.text
}

/** Hasura itself checks label paths (`ltree`). It passes other strings on to PostgreSQL. */
const labelPath = (json: Json): string => {
  if (typeof json === "string" && json.split(".").every((label) => label !== "")) return json
  throw new Unreadable(
    "Expecting label path: a sequence of zero or more labels separated by dots, for example L1.L2.L3"
  )
}

/** The names that Hasura's messages have for these types. The default name is `Text`. */
const readers: Readonly<Record<string, string>> = {
  bpchar: "Char",
  date: "Day",
  timestamp: "LocalTime",
  timestamptz: "UTCTime",
  uuid: "UUID"
}

const notText = (type: ColumnType, json: Json): Unreadable => {
  switch (type.sql) {
    case "time":
      return new Unreadable("A string is expected for type: time")
    case "timetz":
      return new Unreadable("Expecting a string for timetz")
    default:
      return mismatch(readers[type.sql] ?? "Text", "String", json)
  }
}

const mismatch = (reader: string, expected: string, json: Json): Unreadable =>
  new Unreadable(`parsing ${reader} failed, expected ${expected}, but encountered ${kindOf(json)}`)

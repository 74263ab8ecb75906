/** `--where`: a filter on one column. */
import type * as Column from "@innerspace-metrics/core/Column"
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as Effect from "effect/Effect"
import type { AnyTable } from "../client/catalogue.js"
import { UsageError } from "../frame/failure.js"
import { nearest } from "../program/nearest.js"
import { columnNamed } from "./column.js"
import { dayOf, isDate, isInstant } from "./range.js"

export interface Filter {
  readonly column: string
  /** The operators, in the form that `Query.from` accepts. */
  readonly operators: { readonly [operator: string]: unknown }
  /** The values of the column that the filter allows, if the filter lists them. */
  readonly values: ReadonlyArray<unknown> | undefined
}

const operators: { readonly [sign: string]: string } = {
  "=": "_eq",
  "!=": "_neq",
  ">=": "_gte",
  "<=": "_lte",
  ">": "_gt",
  "<": "_lt",
  "~": "_ilike",
  "!~": "_nilike"
}

/** The inputs for reading a filter, in addition to its text. */
export interface Reading {
  /** The time zone for dates without a time, or the reason why the time zone is not known. */
  readonly zone: Effect.Effect<string, UsageError | CallError, MetricsClient>
  /** Whether values that the catalogue does not know are accepted. */
  readonly isUnchecked: boolean
}

export const readWhere = (
  table: AnyTable,
  given: string,
  reading: Reading
): Effect.Effect<Filter, UsageError | CallError, MetricsClient> =>
  Effect.gen(function* () {
    const found = /^\s*([A-Za-z_]\w*)\s*(!=|>=|<=|==|!~|=|>|<|~)\s*(.*?)\s*$/s.exec(given)
    const [, name = "", sign = "", text = ""] = found ?? []
    const operator = operators[sign]
    if (operator === undefined) {
      return yield* new UsageError(
        `--where is ${JSON.stringify(given)}`,
        sign === "=="
          ? `Did you mean ${given.replace("==", "=")}?`
          : "Pass a column, one of = != >= <= > < ~ !~, and a value, such as building_id=71"
      )
    }
    const column = yield* columnNamed(table, name)
    const definition = yield* columnDefinition(table, column)
    const { scalar } = definition
    if (text === "null" && (operator === "_eq" || operator === "_neq")) {
      return { column, operators: { _is_null: operator === "_eq" }, values: undefined }
    }
    if (!Object.hasOwn(scalar.operators, operator)) {
      return yield* new UsageError(
        `--where ${given}: ${column} is of type ${scalar.name}, which cannot be compared with ${sign}`,
        scalar.name.startsWith("json")
          ? `Compare it with null, as ${column}=null`
          : `Use one of ${Object.entries(operators)
              .flatMap(([sign, name]) => (Object.hasOwn(scalar.operators, name) ? [sign] : []))
              .join(" ")}`
      )
    }
    const texts =
      operator === "_eq" || operator === "_neq"
        ? text.split(",").map((part) => part.trim())
        : [text]
    const values = yield* Effect.forEach(texts, (text) =>
      readValue(column, definition, text, given, reading, operator)
    )
    if (operator === "_eq") {
      return {
        column,
        operators: values.length === 1 ? { _eq: values[0] } : { _in: values },
        values
      }
    }
    return {
      column,
      operators: values.length === 1 ? { [operator]: values[0] } : { _nin: values },
      values: undefined
    }
  })

const columnDefinition = (
  { columns, name }: AnyTable,
  column: string
): Effect.Effect<Column.Any, UsageError> => {
  const found = columns[column]
  return found === undefined
    ? Effect.fail(new UsageError(`${name} has no column ${column}`, "See innerspace tables"))
    : Effect.succeed(found)
}

const readValue = (
  column: string,
  { scalar }: Column.Any,
  text: string,
  given: string,
  { isUnchecked, zone }: Reading,
  operator: string
): Effect.Effect<unknown, UsageError | CallError, MetricsClient> => {
  const wrong = (form: string) =>
    Effect.fail(
      new UsageError(
        `--where ${given}: ${column} is of type ${scalar.name}, but ${JSON.stringify(text)} is not such a value`,
        `Pass ${form}`
      )
    )
  switch (scalar.name) {
    case "Int":
    case "smallint":
      return /^-?\d{1,10}$/.test(text) ? Effect.succeed(Number(text)) : wrong("a whole number")
    case "Float":
    case "float8":
      return isNumber(text) ? Effect.succeed(Number(text)) : wrong("a number")
    case "bigint":
      return /^-?\d{1,20}$/.test(text) ? Effect.succeed(BigInt(text)) : wrong("a whole number")
    case "numeric":
      return isNumber(text) ? Effect.succeed(text) : wrong("a number")
    case "Boolean":
      return text === "true" || text === "false"
        ? Effect.succeed(text === "true")
        : wrong("true or false")
    case "timestamptz":
      if (isInstant(text)) return Effect.succeed(new Date(text))
      if (!isDate(text))
        return wrong("a date, such as 2024-03-05, or an instant, such as 2024-03-05T06:00:00Z")
      return Effect.flatMap(zone, (zone) =>
        Effect.mapBoth(TimeRange.resolve(dayOf(text, zone)), {
          onFailure: ({ hint, problem }) => new UsageError(`--where ${given}: ${problem}`, hint),
          onSuccess: ({ start }) => new Date(start.epochMillis)
        })
      )
    default:
      return operator === "_eq"
        ? knownValue(column, scalar, text, isUnchecked)
        : Effect.succeed(text)
  }
}

/**
 * Checks a value against the values that the catalogue knows. Not all names of metrics are public,
 * so `--unchecked` allows other values.
 */
export const knownValue = (
  column: string,
  { names, values }: Pick<Column.Any["scalar"], "names" | "values">,
  text: string,
  isUnchecked: boolean
): Effect.Effect<string, UsageError> => {
  const known = values ?? names
  if (known === undefined || known.includes(text) || isUnchecked) return Effect.succeed(text)
  const near = nearest(text, known)
  return Effect.fail(
    new UsageError(
      `${column} is ${JSON.stringify(text)}, which the catalogue does not know`,
      `${near === undefined ? `Choose from ${known.join(", ")}.` : `Did you mean ${near}?`} To send it as it is, add --unchecked`
    )
  )
}

const isNumber = (text: string): boolean => /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)

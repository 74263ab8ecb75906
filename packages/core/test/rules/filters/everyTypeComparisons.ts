/**
 * A1: the column types that the vendor's tables do not have. A table of the sandbox has a column of
 * each of these types, and the results are compared with an evaluation in memory.
 */
import type * as Filter from "@innerspace-metrics/core/Filter"
import { isJsonArray, isJsonObject, type JsonValue } from "@innerspace-metrics/core/JsonValue"
import * as Query from "@innerspace-metrics/core/Query"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as EffectOrder from "effect/Order"
import { equality, type Over, ordered } from "../order/ordered.js"
import { type Filtered, over } from "../rule.js"
import { every_type, ordinary } from "./everyType.js"
import { listsAndPaths } from "./listsAndPaths.js"

type TextComparison = Exclude<Filter.TextFilter, string | ReadonlyArray<string>>

const hasNulls = true

/** In PostgreSQL, NaN equals itself and is greater than any other number. */
const floatOrder: EffectOrder.Order<number> = EffectOrder.combine(
  EffectOrder.mapInput(EffectOrder.boolean, (value: number) => Number.isNaN(value)),
  EffectOrder.mapInput(EffectOrder.number, (value: number) => (Number.isNaN(value) ? 0 : value))
)

const all = (column: "float8" | "real") =>
  Query.from(every_type, { select: ["id", column], orderBy: { id: "asc" } })

const ofBigint = over("v2", ordinary("bigint"), "stringified")
const ofNumeric = over("v2", ordinary("numeric"), "stringified")

const wide = BigDecimal.unsafeFromString("123456789012345678901234567890")

const numbers: ReadonlyArray<Filtered> = [
  ...ordered("smallint", over("v2", ordinary("smallint")), {
    cell: ({ smallint }) => smallint,
    filter: (smallint) => ({ smallint }),
    order: EffectOrder.number,
    hasNulls
  }),
  ...ordered("bigint of 64 bits", ofBigint, {
    cell: ({ bigint }) => bigint,
    filter: (bigint) => ({ bigint }),
    order: EffectOrder.bigint,
    hasNulls
  }),
  ...ordered("numeric", ofNumeric, {
    // The rows are compared later, so this makes a copy: effect stores the normal form in each
    // value that it compares.
    cell: ({ numeric }) => numeric && BigDecimal.make(numeric.value, numeric.scale),
    filter: (numeric) => ({ numeric }),
    order: BigDecimal.Order,
    hasNulls
  }),
  ofBigint(
    "A1 bigint _in of the least, the greatest and one that no float is",
    () => ({ bigint: { _in: [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n] } }),
    ({ bigint }) => bigint !== null && (bigint > 2n ** 53n || bigint < -1n)
  ),
  ofNumeric(
    "A1 numeric _eq of 30 digits",
    () => ({ numeric: wide }),
    ({ numeric }) => numeric !== null && numeric.value > 10n ** 28n
  ),
  ofNumeric(
    "A1 numeric _lte of 30 digits before the point, and of 30 behind it",
    () => ({
      numeric: { _lte: wide, _neq: BigDecimal.make(1n, 30), _gt: BigDecimal.make(-1n, 30) }
    }),
    ({ numeric }) => numeric !== null && numeric.value >= 0n && numeric.scale < 30
  ),
  ...ordered("float8 with NaN and infinities", over("v2", all("float8")), {
    cell: ({ float8 }) => float8,
    filter: (float8) => ({ float8 }),
    order: floatOrder,
    hasNulls
  }),
  ...ordered("Float of real, with NaN and infinities", over("v2", all("real")), {
    cell: ({ real }) => real,
    filter: (real) => ({ real }),
    order: floatOrder,
    hasNulls
  }),
  ...ordered("Boolean", over("v2", ordinary("boolean")), {
    cell: ({ boolean }) => boolean,
    filter: (boolean) => ({ boolean }),
    order: EffectOrder.boolean,
    hasNulls,
    // These operators match no row: `_gt` gets the middle value, which is true, and `_nin` gets
    // true and false.
    none: ["_gt", "_nin"]
  })
]

/** Seconds since midnight of UTC. For equal times, the zone further east comes first. */
const timetzOrder: EffectOrder.Order<string> = EffectOrder.mapInput(
  EffectOrder.tuple(EffectOrder.number, EffectOrder.number),
  (text: string): readonly [number, number] => {
    const [, hours, minutes, seconds, sign, zoneHours, zoneMinutes = "0"] =
      /^(\d+):(\d+):([\d.]+)([+-])(\d+)(?::(\d+))?$/.exec(text) ?? []
    const east = (Number(zoneHours) * 3600 + Number(zoneMinutes) * 60) * (sign === "-" ? -1 : 1)
    return [Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) - east, -east]
  }
)

const times: ReadonlyArray<Filtered> = [
  ...ordered("timestamptz from year 1 to 9999", over("v2", ordinary("timestamptz")), {
    cell: ({ timestamptz }) => timestamptz,
    filter: (timestamptz) => ({ timestamptz }),
    order: DateTime.Order,
    hasNulls
  }),
  over("v2", ordinary("timestamptz"))(
    "A1 timestamptz _in of years 1 and 9999",
    () => ({
      timestamptz: {
        _in: [new Date("0001-01-01T00:00:00Z"), new Date("9999-12-31T23:59:59Z")]
      }
    }),
    ({ timestamptz }) =>
      timestamptz !== null && /^(0001|9999)/.test(DateTime.formatIso(timestamptz))
  ),
  ...ordered("timestamp", over("v2", ordinary("timestamp")), {
    cell: ({ timestamp }) => timestamp,
    filter: (timestamp) => ({ timestamp }),
    order: EffectOrder.string,
    hasNulls
  }),
  ...ordered("date", over("v2", ordinary("date")), {
    cell: ({ date }) => date,
    filter: (date) => ({ date }),
    order: EffectOrder.string,
    hasNulls
  }),
  ...ordered("time", over("v2", ordinary("time")), {
    cell: ({ time }) => time,
    filter: (time) => ({ time }),
    order: EffectOrder.string,
    hasNulls
  }),
  ...ordered("timetz", over("v2", ordinary("timetz")), {
    cell: ({ timetz }) => timetz,
    filter: (timetz) => ({ timetz }),
    order: timetzOrder,
    hasNulls
  })
]

/** The ten operators of text, with patterns for values that begin with a letter. */
const patterns = <Row, Columns>(
  type: string,
  rule: Over<Row, Columns>,
  {
    cell,
    filter,
    ignoresCase = false,
    letter
  }: {
    readonly cell: (row: Row) => string | null
    readonly filter: (comparison: TextComparison) => Query.Where<Columns>
    readonly letter: string
    readonly ignoresCase?: boolean
  }
): ReadonlyArray<Filtered> => {
  const begins = (value: string, ignores: boolean) =>
    (ignores ? value.toLowerCase() : value).startsWith(letter)
  const other = letter.toUpperCase()
  const written: ReadonlyArray<
    readonly [operator: keyof TextComparison, pattern: string, ignores: boolean]
  > = [
    ["_like", `${letter}%`, ignoresCase],
    ["_ilike", `${other}%`, true],
    ["_similar", `(${letter}|_Z_)%`, ignoresCase],
    ["_regex", `^[${letter}#]`, ignoresCase],
    ["_iregex", `^[${other}#]`, true]
  ]
  return written.flatMap(([operator, pattern, ignores]) => [
    rule(
      `A1 ${type} ${operator}`,
      () => filter({ [operator]: pattern }),
      (row) => begins(cell(row) ?? "", ignores)
    ),
    rule(
      `A1 ${type} ${operator.replace("_", "_n")}`,
      () => filter({ [operator.replace("_", "_n")]: pattern }),
      (row) => {
        const value = cell(row)
        return value !== null && !begins(value, ignores)
      }
    )
  ])
}

const ofText = over("v2", ordinary("text"))
const ofVarchar = over("v2", ordinary("varchar"))
const ofCitext = over("v2", ordinary("citext"))
const ofBpchar = over("v2", ordinary("bpchar"))

const text: ReadonlyArray<Filtered> = [
  ...patterns("String with nulls", ofText, {
    cell: ({ text }) => text,
    filter: (text) => ({ text }),
    letter: "m"
  }),
  ofText(
    "A1 String _in of text that is hard to quote",
    (rows) => ({ text: rows.flatMap(({ text }) => (text === null ? [] : [text])) }),
    ({ text }) => text !== null
  ),
  ofText(
    "A1 String _like of a percent sign",
    () => ({ text: { _like: "%\\%" } }),
    ({ text }) => text === "100%"
  ),
  ...ordered("String of varchar", ofVarchar, {
    cell: ({ varchar }) => varchar,
    filter: (varchar) => ({ varchar }),
    order: EffectOrder.string,
    hasNulls
  }),
  ...ordered("citext", ofCitext, {
    cell: ({ citext }) => citext,
    filter: (citext) => ({ citext }),
    order: EffectOrder.mapInput(EffectOrder.string, (value: string) => value.toLowerCase()),
    hasNulls
  }),
  ...patterns("citext", ofCitext, {
    cell: ({ citext }) => citext,
    filter: (citext) => ({ citext }),
    letter: "d",
    ignoresCase: true
  }),
  ...ordered("bpchar", ofBpchar, {
    cell: ({ bpchar }) => bpchar,
    filter: (bpchar) => ({ bpchar }),
    order: EffectOrder.mapInput(EffectOrder.string, (value: string) => value.trimEnd()),
    hasNulls
  }),
  ...patterns("bpchar", ofBpchar, {
    cell: ({ bpchar }) => bpchar,
    filter: (bpchar) => ({ bpchar }),
    letter: "a"
  }),
  ofBpchar(
    "A1 bpchar _regex sees the blanks that fill it up",
    () => ({ bpchar: { _regex: "b    $" } }),
    ({ bpchar }) => bpchar === "ab    "
  )
]

const ofUuid = over("v2", ordinary("uuid"))
const ofKind = over("v2", ordinary("kind"))
const ofJson = over("v2", ordinary("json"))
const ofJsonb = over("v2", ordinary("jsonb"))

const hasKey = (value: JsonValue, key: string): boolean =>
  isJsonArray(value)
    ? value.includes(key)
    : isJsonObject(value)
      ? Object.hasOwn(value, key)
      : value === key

const others: ReadonlyArray<Filtered> = [
  ...ordered("uuid", ofUuid, {
    cell: ({ uuid }) => uuid,
    filter: (uuid) => ({ uuid }),
    order: EffectOrder.string,
    hasNulls
  }),
  ...equality("enum", ofKind, {
    cell: ({ kind }) => kind,
    // The rows contain only known names, so this cast is right.
    filter: (kind) => ({ kind }) as Query.Where<(typeof every_type)["columns"]>,
    order: EffectOrder.string,
    hasNulls
  }),
  ofKind(
    "A1 enum: a plain value is _eq",
    () => ({ kind: "lounge" }),
    ({ kind }) => kind === "lounge"
  ),
  ofJson(
    "A1 json _is_null: true",
    () => ({ json: { _is_null: true } }),
    ({ json }) => json === null
  ),
  ofJson(
    "A1 json _is_null: false",
    () => ({ json: { _is_null: false } }),
    ({ json }) => json !== null
  ),
  ofJsonb(
    "A1 jsonb _has_key finds keys of objects, elements of arrays, and text",
    () => ({ jsonb: { _has_keys_any: ["a", "text"] } }),
    ({ jsonb }) => hasKey(jsonb, "a") || hasKey(jsonb, "text")
  ),
  ofJsonb(
    "A1 jsonb _eq is of the value and not of its text",
    () => ({ jsonb: { _eq: { a: "x", b: [1, null] } } }),
    ({ jsonb }) => isJsonObject(jsonb) && jsonb["a"] === "x"
  ),
  ofJsonb(
    "A1 jsonb _in of every kind of value",
    () => ({ jsonb: { _in: ["text", 0.5, true, [], {}] } }),
    ({ jsonb }) => ['"text"', "0.5", "true", "[]", "{}"].includes(JSON.stringify(jsonb))
  )
]

export const everyTypeComparisons: ReadonlyArray<Filtered> = [
  ...numbers,
  ...times,
  ...text,
  ...others,
  ...listsAndPaths
]

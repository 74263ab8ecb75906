/**
 * A1: each operator of each column type, compared with an evaluation of the same rows in memory.
 */
import { isJsonObject, type JsonValue } from "@innerspace-metrics/core/JsonValue"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as DateTime from "effect/DateTime"
import * as EffectOrder from "effect/Order"
import { ordered } from "../order/ordered.js"
import { type Filtered, over } from "../rule.js"
import { features, hours, metricHours, zones } from "../tables.js"

const ofZones = over("v2", zones)
const ofHours = over("v2", hours)
const ofMetricHours = over("v1", metricHours)
const ofFeatures = over("v1", features)

/**
 * PostgreSQL's order of two objects with the same keys: it compares value by value, and begins with
 * the values of shorter keys.
 */
const orderOfFeatures: EffectOrder.Order<JsonValue> = EffectOrder.mapInput(
  EffectOrder.array(EffectOrder.number),
  (value: JsonValue) => (isJsonObject(value) ? Object.values(value).map(Number) : [])
)

const scalars: ReadonlyArray<Filtered> = [
  ...ordered("Int", ofZones, {
    cell: ({ CAPACITY }) => CAPACITY,
    filter: (CAPACITY) => ({ CAPACITY }),
    order: EffectOrder.number,
    hasNulls: false
  }),
  ...ordered("String", ofZones, {
    cell: ({ ZONE_TYPE }) => ZONE_TYPE,
    filter: (ZONE_TYPE) => ({ ZONE_TYPE }),
    order: EffectOrder.string,
    hasNulls: false
  }),
  ...ordered("Float", ofHours, {
    cell: ({ OCCUPANCY_POS_MEAN }) => OCCUPANCY_POS_MEAN,
    filter: (OCCUPANCY_POS_MEAN) => ({ OCCUPANCY_POS_MEAN }),
    order: EffectOrder.number,
    hasNulls: true
  }),
  ...ordered("float8", ofMetricHours, {
    cell: ({ metric_value }) => metric_value,
    filter: (metric_value) => ({ metric_value }),
    order: EffectOrder.number,
    hasNulls: true
  }),
  ...ordered("bigint", ofHours, {
    cell: ({ PEOPLE_COUNT }) => PEOPLE_COUNT,
    filter: (PEOPLE_COUNT) => ({ PEOPLE_COUNT }),
    order: EffectOrder.bigint,
    hasNulls: false
  }),
  ...ordered("timestamptz", ofHours, {
    cell: ({ DATE_TIME_START }) => DATE_TIME_START,
    filter: (DATE_TIME_START) => ({ DATE_TIME_START }),
    order: DateTime.Order,
    hasNulls: false
  }),
  ...ordered("jsonb", ofFeatures, {
    cell: ({ feature_value }) => feature_value,
    filter: (feature_value) => ({ feature_value }),
    order: orderOfFeatures,
    hasNulls: false
  })
]

const text: ReadonlyArray<Filtered> = [
  ofZones(
    "A1 String _like: % stands for any text",
    () => ({ NAME: { _like: "Meeting%" } }),
    ({ NAME }) => NAME.startsWith("Meeting")
  ),
  ofZones(
    "A1 String _like: _ stands for one character",
    () => ({ NAME: { _like: "Lounge _._" } }),
    ({ NAME }) => /^Lounge .\..$/.test(NAME)
  ),
  ofZones(
    "A1 String _like tells cases apart",
    () => ({ NAME: { _like: "meeting%" } }),
    () => false,
    "none"
  ),
  ofZones(
    "A1 String _nlike",
    () => ({ NAME: { _nlike: "Meeting%" } }),
    ({ NAME }) => !NAME.startsWith("Meeting")
  ),
  ofZones(
    "A1 String _ilike",
    () => ({ NAME: { _ilike: "meeting%" } }),
    ({ NAME }) => NAME.startsWith("Meeting")
  ),
  ofZones(
    "A1 String _nilike",
    () => ({ NAME: { _nilike: "meeting%" } }),
    ({ NAME }) => !NAME.startsWith("Meeting")
  ),
  ofZones(
    "A1 String _similar: the whole text is matched",
    () => ({ NAME: { _similar: "(Meeting|Open)%.[12]" } }),
    ({ NAME }) => /^(Meeting|Open).*\.[12]$/.test(NAME)
  ),
  ofZones(
    "A1 String _nsimilar",
    () => ({ NAME: { _nsimilar: "(Meeting|Open)%" } }),
    ({ NAME }) => !/^(Meeting|Open)/.test(NAME)
  ),
  ofZones(
    "A1 String _regex: any part of the text is matched",
    () => ({ NAME: { _regex: "g R.*[23]$" } }),
    ({ NAME }) => /g R.*[23]$/.test(NAME)
  ),
  ofZones(
    "A1 String _nregex",
    () => ({ NAME: { _nregex: "^[ML]" } }),
    ({ NAME }) => !/^[ML]/.test(NAME)
  ),
  ofZones(
    "A1 String _iregex",
    () => ({ NAME: { _iregex: "^[ml]" } }),
    ({ NAME }) => /^[ML]/.test(NAME)
  ),
  ofZones(
    "A1 String _niregex",
    () => ({ NAME: { _niregex: "^[ml]" } }),
    ({ NAME }) => !/^[ML]/.test(NAME)
  )
]

const has = (value: JsonValue, name: string, number?: (found: number) => boolean): boolean =>
  isJsonObject(value) &&
  Object.hasOwn(value, name) &&
  (number === undefined || number(Number(value[name])))

/** PostgreSQL writes a blank after each colon and comma of jsonb. */
const asText = (value: JsonValue): string =>
  JSON.stringify(value).replaceAll(":", ": ").replaceAll(",", ", ")

const jsonb: ReadonlyArray<Filtered> = [
  ofFeatures(
    "A1 jsonb _contains",
    () => ({ feature_value: { _contains: { "5": 0 } } }),
    ({ feature_value }) => has(feature_value, "5", (found) => found === 0)
  ),
  ofFeatures(
    "A1 jsonb _contains: {} holds for every object",
    () => ({ feature_value: { _contains: {} } }),
    () => true,
    "all"
  ),
  ofFeatures(
    "A1 jsonb _contained_in",
    (rows) => ({ feature_value: { _contained_in: { ...Object(rows[3]?.feature_value), "8": 1 } } }),
    (row, rows) => JSON.stringify(row.feature_value) === JSON.stringify(rows[3]?.feature_value)
  ),
  ofFeatures(
    "A1 jsonb _has_key",
    () => ({ feature_value: { _has_key: "7" } }),
    ({ feature_value }) => has(feature_value, "7"),
    "all"
  ),
  ofFeatures(
    "A1 jsonb _has_key of a key that is not there",
    () => ({ feature_value: { _has_key: "8" } }),
    ({ feature_value }) => has(feature_value, "8"),
    "none"
  ),
  ofFeatures(
    "A1 jsonb _has_keys_any: one is enough",
    () => ({ feature_value: { _has_keys_any: ["8", "1"] } }),
    ({ feature_value }) => ["8", "1"].some((key) => has(feature_value, key)),
    "all"
  ),
  ofFeatures(
    "A1 jsonb _has_keys_all: one is not enough",
    () => ({ feature_value: { _has_keys_all: ["8", "1"] } }),
    ({ feature_value }) => ["8", "1"].every((key) => has(feature_value, key)),
    "none"
  ),
  ofFeatures(
    "A1 jsonb _has_keys_all",
    () => ({ feature_value: { _has_keys_all: ["1", "7"] } }),
    ({ feature_value }) => ["1", "7"].every((key) => has(feature_value, key)),
    "all"
  ),
  ofFeatures(
    "A1 jsonb _cast to String has the operators of text",
    () => ({
      feature_value: { _cast: { String: { _like: '%"5": 0%', _nregex: "x", _gt: "{" } } }
    }),
    ({ feature_value }) => asText(feature_value).includes('"5": 0')
  )
]

const shapes: ReadonlyArray<Filtered> = [
  ofZones(
    "A1 several operators of one column are joined by and",
    () => ({ CAPACITY: { _gt: 7, _lte: 20, _neq: 13, _nin: [17] } }),
    ({ CAPACITY }) => CAPACITY > 7 && CAPACITY <= 20 && ![13, 17].includes(CAPACITY)
  ),
  ofZones(
    "A1 a plain value is _eq",
    () => ({ ZONE_TYPE: "lounge" }),
    ({ ZONE_TYPE }) => ZONE_TYPE === "lounge"
  ),
  ofZones(
    "A1 a plain list is _in",
    () => ({ CAPACITY: [13, 59] }),
    ({ CAPACITY }) => CAPACITY === 13 || CAPACITY === 59
  ),
  ofHours(
    "A1 timestamptz takes a TimeRange: its start is in, its end is not",
    () => ({
      DATE_TIME_START: TimeRange.between(
        new Date("2025-05-13T04:30:00Z"),
        new Date("2025-05-13T06:30:00Z")
      )
    }),
    ({ DATE_TIME_START }) =>
      ["04:30", "05:30"].some((time) => DateTime.formatIso(DATE_TIME_START).includes(`T${time}:`))
  ),
  ofHours(
    "A1 timestamptz is compared as an instant, whatever the zone in which it is written",
    () => ({
      DATE_TIME_START: DateTime.unsafeMakeZoned("2025-05-13T05:30:00Z", {
        timeZone: "Asia/Kolkata"
      })
    }),
    ({ DATE_TIME_START }) => DateTime.formatIso(DATE_TIME_START) === "2025-05-13T05:30:00.000Z"
  ),
  ofHours(
    "A1 bigint beyond 2^53 arrives with all its digits",
    () => ({
      PEOPLE_COUNT: { _lt: 9_223_372_036_854_775_807n, _neq: -9_223_372_036_854_775_808n }
    }),
    ({ PEOPLE_COUNT }) => PEOPLE_COUNT !== null,
    "all"
  ),
  ofHours(
    "A1 bigint takes a number that is a safe integer as well",
    () => ({ PEOPLE_COUNT: { _in: [0, 3n] } }),
    ({ PEOPLE_COUNT }) => PEOPLE_COUNT === 0n || PEOPLE_COUNT === 3n
  ),
  ofHours(
    "A1 an Int of days takes a TimeRange that was made in a zone",
    () => ({
      DATE_PARTITION: TimeRange.dates("2025-05-13", "2025-05-14", "Asia/Kolkata")
    }),
    ({ DATE_PARTITION }) => DATE_PARTITION === 20250513,
    "all"
  )
]

export const comparisons: ReadonlyArray<Filtered> = [...scalars, ...text, ...jsonb, ...shapes]

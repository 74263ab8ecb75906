/** The table of a CSV file. It has a row for each value, and the same style for every figure. */
import type * as Series from "@innerspace-metrics/core/Series"
import * as DateTime from "effect/DateTime"
import type { Table } from "./Table.js"

export interface Value {
  /**
   * The cells that say to what the value belongs, such as the floor: one cell for each name in
   * `names`.
   */
  readonly of: ReadonlyArray<string | number | null>
  readonly start: DateTime.Utc
  readonly people: number | null
  readonly state: Series.Bucket["_tag"]
}

export const valuesTable = (
  names: ReadonlyArray<string>,
  zone: string,
  values: ReadonlyArray<Value>
): Table => ({
  columns: [...names, "local_time", "start_utc", "people", "state"],
  rows: values.map(({ of, people, start, state }) => [
    ...of,
    DateTime.formatIsoZoned(DateTime.unsafeSetZoneNamed(start, zone)),
    DateTime.formatIso(start),
    people,
    state
  ])
})

/** The values of a series, with the cells that say to what the series belongs. */
export const valuesOf = (
  series: Series.Series,
  of: ReadonlyArray<string | number | null> = []
): ReadonlyArray<Value> =>
  series.buckets.map(({ _tag, start, value }) => ({ of, start, people: value, state: _tag }))

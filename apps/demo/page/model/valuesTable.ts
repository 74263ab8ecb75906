/** The table of a CSV file: a row for each value, in the same style for each figure. */
import type * as Series from "@innerspace-metrics/core/Series"
import * as DateTime from "effect/DateTime"
import type { Table } from "./Table.js"

export interface Value {
  /** What the value is of, one cell for each of the names. */
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

/** The values of a series, each with the same cells before it. */
export const valuesOf = (
  series: Series.Series,
  of: ReadonlyArray<string | number | null> = []
): ReadonlyArray<Value> =>
  series.buckets.map(({ _tag, start, value }) => ({ of, start, people: value, state: _tag }))

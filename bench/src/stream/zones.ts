/** The rows of building 900 of the sandbox, and their expected order. */
import type { ColumnBatch } from "@innerspace-metrics/core/ColumnBatch"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { ZONE_INSIGHTS } from "@innerspace-metrics/core/v2"
import type * as DateTime from "effect/DateTime"

const zones = 200
const quarterHour = 15 * 60_000
const firstZone = 900_001
const start = Date.UTC(2025, 0, 1)
const quartersOfDay = 96

export const rowsOf = (days: number): number => days * quartersOfDay * zones

/** When the last of these days ends, in epoch milliseconds. */
export const endOf = (days: number): number => start + days * quartersOfDay * quarterHour

/** All zones, from 1 January 2025 on. */
export const queryOf = (days: number) => queryBetween(start, endOf(days))

/** Queries of 5,000 rows each, as many as a page of a stream has by default. */
export const pagesOf = (days: number) => {
  const length = (5_000 / zones) * quarterHour
  return Array.from({ length: Math.ceil((endOf(days) - start) / length) }, (_, page) =>
    queryBetween(start + page * length, Math.min(start + (page + 1) * length, endOf(days)))
  )
}

const queryBetween = (from: number, to: number) =>
  Query.from(ZONE_INSIGHTS, {
    select: ["ZONE_ID", "DATE_TIME_START", "OCCUPANCY_MEAN", "PEOPLE_COUNT"],
    where: {
      BUILDING_ID: 900,
      GRANULARITY: "PT15M",
      GROUP_ID: "00000000-0000-0000-0000-000000000000",
      DATE_TIME_START: TimeRange.between(new Date(from), new Date(to), "UTC")
    }
  })

/** The columns that identify a row. */
export interface Key {
  readonly ZONE_ID: JsonValue
  readonly DATE_TIME_START: JsonValue | Pick<DateTime.Utc, "epochMillis">
}

/**
 * Checks rows one after the other: each must be the next one by time and zone. So no row is
 * missing, repeated or out of order, and the check keeps no rows. Returns the problem, if there is
 * one.
 */
export const makeCheck = (): ((row: Key) => string | undefined) => {
  let seen = 0
  let text: JsonValue = null
  let time = Number.NaN
  return ({ DATE_TIME_START, ZONE_ID }) => {
    if (typeof DATE_TIME_START === "string") {
      // All zones of a quarter hour have the same text.
      if (DATE_TIME_START !== text) time = Date.parse(DATE_TIME_START)
      text = DATE_TIME_START
    } else {
      time = isTime(DATE_TIME_START) ? DATE_TIME_START.epochMillis : Number.NaN
    }
    const isNext =
      ZONE_ID === firstZone + (seen % zones) &&
      time === start + Math.floor(seen / zones) * quarterHour
    seen += 1
    return isNext ? undefined : `row ${seen} is of zone ${ZONE_ID} at ${new Date(time).toJSON()}`
  }
}

/** The keys of a batch, in one object for all rows. */
export function* keysOf({
  columns: { DATE_TIME_START, ZONE_ID },
  length
}: ColumnBatch<Query.Answer<ReturnType<typeof queryOf>>[number]>): Generator<Key, void> {
  const time = { epochMillis: 0 }
  const key = { ZONE_ID: 0, DATE_TIME_START: time }
  for (let row = 0; row < length; row++) {
    key.ZONE_ID = ZONE_ID.values[row] ?? 0
    time.epochMillis = DATE_TIME_START.values[row] ?? 0
    yield key
  }
}

const isTime = (value: Key["DATE_TIME_START"]): value is Pick<DateTime.Utc, "epochMillis"> =>
  typeof value === "object" && value !== null && "epochMillis" in value

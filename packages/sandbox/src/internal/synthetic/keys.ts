/** The key of a row: the number of a quarter hour of the year, and the id of a zone. */
export interface RowKey {
  readonly quarter: number
  readonly zone: number
}

const year = 2025
const first = Date.UTC(year, 0, 1)
const days = 365
const quarter = 15 * 60_000

export const zones: ReadonlyArray<number> = Array.from(
  { length: 200 },
  (_, index) => 900_001 + index
)

/** The id of a zone's floor. There are ten floors with twenty zones each. */
export const siteOf = (zone: number): number => 900_100_000 + Math.ceil((zone - 900_000) / 20)

export const timeOf = (number: number): number => first + number * quarter

const partitions: ReadonlyArray<number> = Array.from({ length: days }, (_, day) =>
  Number(new Date(first + day * 24 * 3_600_000).toISOString().slice(0, 10).replaceAll("-", ""))
)

export const partitionOf = (number: number): number => partitions[Math.floor(number / 96)] ?? 0

const allQuarters: ReadonlyArray<number> = Array.from({ length: 96 * days }, (_, index) => index)

/** A range of numbers of quarter hours. `to` is not included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The number of the quarter hour that contains a time in epoch milliseconds. */
export const quarterAt = (time: number): number => Math.floor((time - first) / quarter)

/**
 * The published quarter hours. The rows of a day are published at 02:00 of the next day. The
 * building is in UTC.
 */
export const quartersOf = (now: number, { from, to }: Span): ReadonlyArray<number> => {
  const nights = Math.floor((now - first - 2 * 3_600_000) / (24 * 3_600_000))
  return allQuarters.slice(Math.max(0, from), Math.max(0, Math.min(96 * nights, to)))
}

import type { Day } from "./calendar.js"
import { monthOf, weekOf } from "./calendar.js"
import type { PersonMinutes } from "./occupancy.js"
import { occupiedMinutes, peak } from "./occupancy.js"

/**
 * A local day of one series as it is stored: hours and quarter hours as arrays, from which views make rows. One row in
 * place of a hundred keeps the database small and its start fast. `dayColumns` has the types in PostgreSQL.
 */
export interface DayRow {
  readonly series_id: number
  /** The local date as a number, 20250501. */
  readonly date_partition: number
  readonly day_start: string
  readonly published_at: string
  readonly week: number
  readonly week_start: string
  readonly month: number
  readonly month_start: string
  readonly minutes: number
  readonly person_minutes: number
  readonly occupied_minutes: number
  readonly peak: number
  readonly room_person_minutes: number | null
  readonly room_occupied_minutes: number | null
  readonly hour_person_minutes: string
  readonly hour_occupied_minutes: string
  readonly hour_peak: string
  readonly hour_room_person_minutes: string | null
  readonly hour_room_occupied_minutes: string | null
  readonly quarter_person_minutes: string | null
  readonly quarter_room_person_minutes: string | null
}

const number = "integer not null"
const instant = "timestamptz not null"

export const dayColumns: Readonly<Record<keyof DayRow, string>> = {
  series_id: number,
  date_partition: number,
  day_start: instant,
  published_at: instant,
  week: number,
  week_start: instant,
  month: number,
  month_start: instant,
  minutes: number,
  person_minutes: number,
  occupied_minutes: number,
  peak: number,
  room_person_minutes: "integer",
  room_occupied_minutes: "integer",
  hour_person_minutes: "integer[] not null",
  hour_occupied_minutes: "integer[] not null",
  hour_peak: "integer[] not null",
  hour_room_person_minutes: "integer[]",
  hour_room_occupied_minutes: "integer[]",
  quarter_person_minutes: "integer[]",
  quarter_room_person_minutes: "integer[]"
}

/** The columns that all series of a building have alike. */
export type CalendarColumns = Pick<
  DayRow,
  "date_partition" | "day_start" | "published_at" | "week" | "week_start" | "month" | "month_start"
>

export const calendarColumns = (day: Day): CalendarColumns => ({
  date_partition: partition(day.date),
  day_start: new Date(day.start).toISOString(),
  published_at: new Date(day.publishedAt).toISOString(),
  week: partition(weekOf(day)),
  week_start: new Date(day.weekStart).toISOString(),
  month: partition(`${monthOf(day)}-01`),
  month_start: new Date(day.monthStart).toISOString()
})

export interface Measured {
  readonly seriesId: number
  readonly calendar: CalendarColumns
  /** Whether quarter hours are published for this day. */
  readonly hasQuarters: boolean
  readonly minutes: PersonMinutes
  readonly roomMinutes: PersonMinutes | undefined
}

export const dayRow = ({
  calendar,
  hasQuarters,
  minutes,
  roomMinutes,
  seriesId
}: Measured): DayRow => {
  const hours = byHour(minutes)
  const rooms = roomMinutes === undefined ? undefined : byHour(roomMinutes)
  return {
    series_id: seriesId,
    ...calendar,
    minutes: minutes.length * 15,
    person_minutes: total(hours.personMinutes),
    occupied_minutes: total(hours.occupied),
    peak: Math.max(...hours.peak),
    room_person_minutes: rooms === undefined ? null : total(rooms.personMinutes),
    room_occupied_minutes: rooms === undefined ? null : total(rooms.occupied),
    hour_person_minutes: array(hours.personMinutes),
    hour_occupied_minutes: array(hours.occupied),
    hour_peak: array(hours.peak),
    hour_room_person_minutes: rooms === undefined ? null : array(rooms.personMinutes),
    hour_room_occupied_minutes: rooms === undefined ? null : array(rooms.occupied),
    quarter_person_minutes: hasQuarters ? array(minutes) : null,
    quarter_room_person_minutes:
      hasQuarters && roomMinutes !== undefined ? array(roomMinutes) : null
  }
}

/** As PostgreSQL writes an array, which it reads faster than one in JSON. */
const array = (values: ReadonlyArray<number>): string => `{${values.join(",")}}`

const partition = (date: string): number => Number(date.replaceAll("-", ""))

const total = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0)

const byHour = (minutes: PersonMinutes) => {
  const personMinutes: Array<number> = []
  const occupied: Array<number> = []
  const peaks: Array<number> = []
  for (let at = 0; at < minutes.length; at += 4) {
    const hour = minutes.slice(at, at + 4)
    personMinutes.push(total(hour))
    occupied.push(total(hour.map(occupiedMinutes)))
    peaks.push(Math.max(...hour.map(peak)))
  }
  return { personMinutes, occupied, peak: peaks }
}

import type { Day } from "./calendar.js"
import type { PersonMinutes } from "./occupancy.js"
import { occupiedMinutes, peak } from "./occupancy.js"

/**
 * The stored row of a local day of one series (one place and one group of people). Hours and
 * quarter hours are arrays, from which views make rows. One stored row instead of a hundred keeps
 * the database small, and the sandbox starts faster. `dayColumns` has the PostgreSQL types.
 */
export interface DayRow {
  readonly series_id: number
  /** The local date as a number, 20250501. */
  readonly date_partition: number
  /** The local date of the Monday in this week. */
  readonly week: number
  /** The local date of the first day of this month. */
  readonly month: number
  readonly day_start: string
  readonly published_at: string
  readonly week_start: string
  readonly week_published_at: string
  readonly month_start: string
  readonly month_published_at: string
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
/**
 * The arrays make up most of the database, so they use small integer types. The people in a
 * building spend fewer than 32,767 minutes there in an hour.
 */
const numbers = "smallint[]"

export const dayColumns: Readonly<Record<keyof DayRow, string>> = {
  series_id: number,
  date_partition: number,
  week: number,
  month: number,
  day_start: instant,
  published_at: instant,
  week_start: instant,
  week_published_at: instant,
  month_start: instant,
  month_published_at: instant,
  minutes: number,
  person_minutes: number,
  occupied_minutes: number,
  peak: number,
  room_person_minutes: "integer",
  room_occupied_minutes: "integer",
  hour_person_minutes: `${numbers} not null`,
  hour_occupied_minutes: `${numbers} not null`,
  hour_peak: `${numbers} not null`,
  hour_room_person_minutes: numbers,
  hour_room_occupied_minutes: numbers,
  quarter_person_minutes: numbers,
  quarter_room_person_minutes: numbers
}

/** The columns whose values for a day are equal in all series of a building. */
export type CalendarColumns = Pick<
  DayRow,
  | "date_partition"
  | "week"
  | "month"
  | "day_start"
  | "published_at"
  | "week_start"
  | "week_published_at"
  | "month_start"
  | "month_published_at"
>

export const calendarColumns = (day: Day): CalendarColumns => ({
  date_partition: partition(day.date),
  week: partition(day.week.first),
  month: partition(day.month.first),
  day_start: new Date(day.start).toISOString(),
  published_at: new Date(day.publishedAt).toISOString(),
  week_start: new Date(day.week.start).toISOString(),
  week_published_at: new Date(day.week.publishedAt).toISOString(),
  month_start: new Date(day.month.start).toISOString(),
  month_published_at: new Date(day.month.publishedAt).toISOString()
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

/** Writes an array in PostgreSQL's syntax, which PostgreSQL reads faster than JSON. */
const array = (values: ReadonlyArray<number>): string => `{${values.join(",")}}`

const partition = (date: string): number => Number(date.replaceAll("-", ""))

const total = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0)

/**
 * This function runs for every day of the data when a database is prepared, so it uses fast loops.
 */
const byHour = (minutes: PersonMinutes) => {
  const personMinutes: Array<number> = []
  const occupied: Array<number> = []
  const peaks: Array<number> = []
  for (let at = 0; at < minutes.length; at += 4) {
    let people = 0
    let inUse = 0
    let most = 0
    for (let quarter = at; quarter < at + 4; quarter += 1) {
      const inQuarter = minutes[quarter] ?? 0
      people += inQuarter
      inUse += occupiedMinutes(inQuarter)
      most = Math.max(most, peak(inQuarter))
    }
    personMinutes.push(people)
    occupied.push(inUse)
    peaks.push(most)
  }
  return { personMinutes, occupied, peak: peaks }
}

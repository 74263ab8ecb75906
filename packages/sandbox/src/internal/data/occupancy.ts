import { PCGRandom } from "effect/Utils"
import type { Building, Group, Site } from "./buildings.js"
import type { Day } from "./calendar.js"

/** Mean people counts of one hour. `positive` leaves out minutes in which nobody was there, and is null if all were. */
export interface HourlyOccupancy {
  readonly mean: number
  readonly positive: number | null
  /** The part of `mean` that was in rooms. */
  readonly rooms: number
}

/** Share of a usual full house, Monday first. */
const weekdayAttendance = [0.5, 0.78, 0.82, 0.74, 0.36, 0.02, 0.012]

/** Share of the day's people who are there at a local hour: arrivals from 7, a dip at noon, the last ones until 20. */
const dayShape = [
  0, 0, 0, 0, 0, 0.01, 0.05, 0.22, 0.58, 0.86, 0.97, 0.95, 0.66, 0.78, 0.96, 0.93, 0.82, 0.52, 0.24,
  0.11, 0.05, 0.02, 0.01, 0
]

/** Fewer people in the summer holidays and around New Year. */
const seasonOf = (date: string): number => {
  const monthAndDay = date.slice(5)
  if (monthAndDay >= "12-20" || monthAndDay <= "01-05") return 0.45
  if (monthAndDay >= "07-10" && monthAndDay <= "08-25") return 0.75
  return 1
}

/** Share of the people of a building who come on a day, before chance. */
export const attendance = (building: Building, day: Day): number =>
  building.holidays.has(day.date)
    ? 0.015
    : (weekdayAttendance[day.weekday] ?? 0) * seasonOf(day.date)

const roundTo = (value: number, digits: number): number => {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}

/**
 * A random source for one series. It depends on the seed and on the names of the series alone, so a longer or a new series
 * does not change the others.
 */
export const randomFor = (seed: number, ...names: ReadonlyArray<number>): PCGRandom => {
  const mixed = names.reduce((state, name) => Math.imul(state ^ name, 0x9e3779b1) >>> 0, seed >>> 0)
  return new PCGRandom(seed, mixed)
}

/** The hours of every day, for the people of one group on one floor. */
export const simulate = (
  building: Building,
  floor: Site,
  group: Group,
  days: ReadonlyArray<Day>,
  random: PCGRandom
): ReadonlyMap<number, HourlyOccupancy> => {
  const hours = new Map<number, HourlyOccupancy>()
  const people = floor.capacity * 0.85 * group.share
  for (const day of days) {
    const present = people * attendance(building, day) * (0.9 + 0.2 * random.number())
    for (const { start, localHour } of day.hours) {
      const shape = dayShape[localHour - group.shift] ?? 0
      const mean = roundTo(present * shape * (0.92 + 0.16 * random.number()), 2)
      hours.set(start, mean < 0.05 ? empty : occupied(mean, random))
    }
  }
  return hours
}

const empty: HourlyOccupancy = { mean: 0, positive: null, rooms: 0 }

const occupied = (mean: number, random: PCGRandom): HourlyOccupancy => {
  const occupiedMinutes = Math.max(1, Math.min(60, Math.ceil(mean * 45)))
  return {
    mean,
    positive: roundTo((mean * 60) / occupiedMinutes, 2),
    rooms: roundTo(mean * (0.2 + 0.12 * random.number()), 2)
  }
}

/** The same hours in several places, added up. */
export const sum = (
  parts: ReadonlyArray<ReadonlyMap<number, HourlyOccupancy>>
): ReadonlyMap<number, HourlyOccupancy> => {
  const total = new Map<number, HourlyOccupancy>()
  for (const part of parts) {
    for (const [start, hour] of part) {
      const before = total.get(start) ?? empty
      total.set(start, {
        mean: roundTo(before.mean + hour.mean, 2),
        positive:
          before.positive === null && hour.positive === null
            ? null
            : roundTo((before.positive ?? 0) + (hour.positive ?? 0), 2),
        rooms: roundTo(before.rooms + hour.rooms, 2)
      })
    }
  }
  return total
}

/** The mean over a longer period. Hours without anybody count in `mean` and not in `positive`. */
export const average = (hours: ReadonlyArray<HourlyOccupancy>): HourlyOccupancy => {
  if (hours.length === 0) return empty
  let mean = 0
  let rooms = 0
  let positive = 0
  let positiveHours = 0
  for (const hour of hours) {
    mean += hour.mean
    rooms += hour.rooms
    if (hour.positive !== null) {
      positive += hour.positive
      positiveHours += 1
    }
  }
  return {
    mean: roundTo(mean / hours.length, 3),
    rooms: roundTo(rooms / hours.length, 3),
    positive: positiveHours === 0 ? null : roundTo(positive / positiveHours, 3)
  }
}

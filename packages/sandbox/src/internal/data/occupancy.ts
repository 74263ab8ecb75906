import { PCGRandom } from "effect/Utils"
import type { Building, Floor, Group } from "./buildings.js"
import type { Day } from "./calendar.js"
import type { Zone } from "./zones.js"

/** Attendance on each weekday as a share of a full building. Monday is first. */
const weekdayAttendance = [0.5, 0.78, 0.82, 0.74, 0.36, 0.02, 0.012]

/**
 * The share of the day's people who are present at each local hour. Most people arrive from 7:00
 * on, fewer people are present at noon, and most people have left by 20:00.
 */
const dayShape = [
  0, 0, 0, 0, 0, 0.01, 0.05, 0.22, 0.58, 0.86, 0.97, 0.95, 0.66, 0.78, 0.96, 0.93, 0.82, 0.52, 0.24,
  0.11, 0.05, 0.02, 0.01, 0
]

/**
 * The attendance in a season as a share of the usual attendance. In the summer holidays and around
 * New Year, fewer people come.
 */
const seasonOf = (date: string): number => {
  const monthAndDay = date.slice(5)
  if (monthAndDay >= "12-20" || monthAndDay <= "01-05") return 0.45
  if (monthAndDay >= "07-10" && monthAndDay <= "08-25") return 0.75
  return 1
}

/**
 * The expected share of a building's people who come on a day. `simulate` adds random differences.
 */
export const attendance = (building: Building, day: Day): number =>
  building.isHoliday(day.date) ? 0.015 : (weekdayAttendance[day.weekday] ?? 0) * seasonOf(day.date)

/**
 * A random source for one series. It depends only on the seed and the names of the series. A longer
 * or new series therefore does not change other series.
 */
export const randomFor = (seed: number, ...names: ReadonlyArray<number>): PCGRandom => {
  const mixed = names.reduce((state, name) => Math.imul(state ^ name, 0x9e3779b1) >>> 0, seed >>> 0)
  return new PCGRandom(seed, mixed)
}

/**
 * Minutes that people spent in a place, for every quarter hour of a local day. Four people who stay
 * for the whole quarter hour make 60 minutes.
 */
export type PersonMinutes = ReadonlyArray<number>

export interface Visitors {
  readonly building: Building
  readonly floor: Floor
  readonly zone: Zone
  readonly group: Group
}

/**
 * Simulates the quarter hours of one day for the people of one group in one zone. The values of
 * longer periods and larger places are sums of these quarter hours, so all numbers of a day agree.
 */
export const simulate = (
  { building, floor, group, zone }: Visitors,
  day: Day,
  random: PCGRandom
): PersonMinutes => {
  const people = floor.capacity * 0.85 * group.share * zone.share
  const present = people * attendance(building, day) * (0.9 + 0.2 * random.number())
  const minutes: Array<number> = []
  for (const { localHour } of day.hours) {
    const hour = localHour - group.shift
    const shape = shapeAt(zone, hour)
    const next = shapeAt(zone, hour + 1)
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const expected = present * (shape + ((next - shape) * quarter) / 4) * 15
      minutes.push(expected === 0 ? 0 : Math.round(expected * (0.88 + 0.24 * random.number())))
    }
  }
  return minutes
}

/** Lounges fill up at lunch, when other zones empty. */
const shapeAt = (zone: Zone, localHour: number): number =>
  (dayShape[localHour] ?? 0) * (zone.type === "lounge" ? (localHour === 12 ? 2.4 : 0.8) : 1)

/** The sum of several places. */
export const sum = (parts: ReadonlyArray<PersonMinutes>): PersonMinutes => {
  const [first = [], ...others] = parts
  return first.map((minutes, index) =>
    others.reduce((total, part) => total + (part[index] ?? 0), minutes)
  )
}

/**
 * The number of minutes of a quarter hour in which anyone was present. The SQL views use the same
 * formula.
 */
export const occupiedMinutes = (personMinutes: number): number =>
  Math.min(15, Math.floor((personMinutes * 3 + 3) / 4))

/**
 * The largest number of people at one time in a quarter hour. The SQL views use the same formula.
 */
export const peak = (personMinutes: number): number => {
  const scaled = occupiedMinutes(personMinutes) * 20
  return scaled === 0 ? 0 : Math.floor((personMinutes * 23 + scaled - 1) / scaled)
}

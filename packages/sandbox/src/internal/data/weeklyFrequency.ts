import type { PCGRandom } from "effect/Utils"
import type { Building, Group } from "./buildings.js"
import type { Day } from "./calendar.js"
import { attendance } from "./occupancy.js"

/**
 * The shares of people who come on one day, on two days, and so on, of a week without holidays.
 */
const usualShares = [0.26, 0.25, 0.23, 0.15, 0.09, 0.015, 0.005]

/** The number of random numbers that a week uses. */
export const numbersPerWeek = usualShares.length

/**
 * The value of the feature `weekly_frequency_dist`. Each of its keys `"1"` to `"7"` is a number of
 * days, and the value of a key is the number of people who came on that number of days. The vendor
 * does not document a value, so the shape is an assumption.
 */
export const weeklyFrequency = (
  building: Building,
  capacity: number,
  group: Group,
  week: ReadonlyArray<Day>,
  random: PCGRandom
): Readonly<Record<string, number>> => {
  const fullness = week.reduce((sum, day) => sum + attendance(building, day), 0) / 3.2
  const openDays = week.filter((day) => attendance(building, day) > 0.1).length
  const people = capacity * 1.3 * group.share * Math.min(1, 0.3 + 0.7 * fullness)
  const counts = usualShares.map(() => 0)
  usualShares.forEach((share, index) => {
    // Except for a few weekend visitors, nobody comes on more days than the building is open.
    const place = index < 5 ? Math.min(index, Math.max(openDays, 1) - 1) : index
    const count = Math.round(people * share * (0.9 + 0.2 * random.number()))
    counts[place] = (counts[place] ?? 0) + count
  })
  return Object.fromEntries(counts.map((count, index) => [String(index + 1), count]))
}

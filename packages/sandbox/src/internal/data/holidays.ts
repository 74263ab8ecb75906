import { addDays, isoDate } from "./calendar.js"

/** The holidays of a year, as local dates. */
type Rule = (year: number) => ReadonlyArray<string>

/** Holidays with the same date every year, such as `12-25`. */
const fixed =
  (...dates: ReadonlyArray<string>): Rule =>
  (year) =>
    dates.map((date) => `${year}-${date}`)

/** Holidays whose dates follow no rule. */
const listed =
  (...dates: ReadonlyArray<string>): Rule =>
  (year) =>
    dates.filter((date) => date.startsWith(`${year}-`))

/**
 * A holiday on the first given weekday on or after a date. For example, the third Monday of a month
 * is the first Monday on or after the 15th.
 */
const from =
  (monthAndDay: string, weekday: number): Rule =>
  (year) => {
    const date = `${year}-${monthAndDay}`
    return [addDays(date, (weekday - new Date(`${date}T00:00:00Z`).getUTCDay() + 7) % 7)]
  }

/** Holidays that are a number of days before or after Easter Sunday. */
const fromEaster =
  (...days: ReadonlyArray<number>): Rule =>
  (year) =>
    days.map((count) => addDays(easter(year), count))

/** Gregorian Easter by the method in H. Spencer Jones, "General Astronomy" (1922). */
const easter = (year: number): string => {
  const century = Math.floor(year / 100)
  const correction = century - Math.floor((century + 8) / 25) + 1
  const epact =
    (19 * (year % 19) + century - Math.floor(century / 4) - Math.floor(correction / 3) + 15) % 30
  const weekday =
    (32 + 2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - epact - (year % 4)) % 7
  const late = Math.floor(((year % 19) + 11 * epact + 22 * weekday) / 451)
  return isoDate(Date.UTC(year, 2, 22 + epact + weekday - 7 * late))
}

const monday = 1
const thursday = 4
const friday = 5

const rules = {
  chicago: [
    fixed("01-01", "06-19", "07-04", "12-24", "12-25"),
    from("01-15", monday),
    from("05-25", monday),
    from("09-01", monday),
    from("11-22", thursday),
    from("11-23", friday)
  ],
  berlin: [
    fixed("01-01", "03-08", "05-01", "10-03", "12-24", "12-25", "12-26", "12-31"),
    fromEaster(-2, 1, 39, 50),
    // This holiday existed only in 2025, 80 years after the end of the Second World War in Europe.
    listed("2025-05-08")
  ],
  bengaluru: [
    fixed("01-01", "01-26", "05-01", "08-15", "10-02", "11-01", "12-25"),
    // These dates depend on the sun and the moon.
    listed("2024-01-15", "2025-01-14", "2026-01-14", "2027-01-15", "2028-01-15"),
    listed("2024-03-25", "2025-03-14", "2026-03-04", "2027-03-22", "2028-03-11"),
    listed("2024-10-31", "2025-10-20", "2026-11-08", "2027-10-29", "2028-10-17")
  ]
} satisfies Readonly<Record<string, ReadonlyArray<Rule>>>

const known = new Map<string, ReadonlySet<string>>()

/** Whether a local date is a holiday at a building's location. */
export const isHoliday = (place: keyof typeof rules, date: string): boolean => {
  const year = date.slice(0, 4)
  const key = `${place} ${year}`
  const dates = known.get(key) ?? new Set(rules[place].flatMap((rule) => rule(Number(year))))
  known.set(key, dates)
  return dates.has(date)
}

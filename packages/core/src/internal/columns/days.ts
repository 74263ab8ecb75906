/** Days of the calendar, as numbers. */

/**
 * The days from 1970-01-01 to a date, or NaN if there is no such date. As in the readers of rows, a
 * year has four digits.
 */
export const dayOf = (year: number, month: number, day: number): number => {
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return Number.NaN
  // The calendar repeats every 400 years, and Date reads the years 0 to 99 as 1900 to 1999.
  const millis = Date.UTC(year + 400, month - 1, day) - fourHundredYears
  return day > 28 && new Date(millis).getUTCDate() !== day ? Number.NaN : millis / millisOfDay
}

const millisOfDay = 86_400_000

const fourHundredYears = 146_097 * millisOfDay

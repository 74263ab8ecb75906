/** Values as text for people. */
import { printable } from "../frame/output.js"

/** The width of a text in columns, as most terminals show it. */
export const widthOf = (text: string): number => [...text].length

export interface CellStyle {
  /** The time zone of the times. */
  readonly zone: string
}

/** The text of a value. `null` is empty text, and a time is local. */
export const cellText = (value: unknown, { zone }: CellStyle): string => {
  if (value === null || value === undefined) return ""
  if (value instanceof Date) return localTime(value, zone)
  if (typeof value === "number") return numberText(value)
  if (typeof value === "object") return printable(JSON.stringify(value))
  return printable(String(value))
}

/** A number for people, with at most 4 decimals. Files have all digits. */
export const numberText = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toFixed(4)))

const formats = new Map<string, Intl.DateTimeFormat>()

/** The local time in a time zone, such as `2024-03-05 09:00`. */
export const localTime = (time: Date, zone: string): string => {
  const { day, hour, minute, month, year } = partsOf(time, zone)
  return `${year}-${month}-${day} ${hour}:${minute}`
}

export const partsOf = (time: Date, zone: string): { readonly [part: string]: string } => {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit"
    })
    formats.set(zone, format)
  }
  return Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]))
}

/** Shortens a text to a width, with an ellipsis at the end. */
export const cut = (text: string, width: number): string =>
  widthOf(text) <= width ? text : `${[...text].slice(0, Math.max(width - 1, 0)).join("")}…`

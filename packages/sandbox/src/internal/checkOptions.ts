/** Checks options, because JavaScript and configuration can pass any value. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Options } from "../Sandbox.js"
import { isDate } from "./data/calendar.js"
import { nearestName } from "./nearestName.js"
import { earliest, latest } from "./SandboxClock.js"

/** A test of a value, and words that describe a valid value. The value of a secret is not shown. */
interface Kind {
  readonly fits: (value: unknown) => boolean
  readonly form: string
  readonly isSecret?: boolean
}

const whole = (most: number, form: string): Kind => ({
  fits: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most,
  form
})

const flag: Kind = { fits: (value) => typeof value === "boolean", form: "true or false" }

/**
 * A duration in whole seconds, or NaN for anything else. NaN itself is rejected too, because Effect
 * would read it as zero.
 */
export const seconds = (value: unknown): number =>
  Option.match(
    Option.filter(Duration.decodeUnknown(value), () => !Number.isNaN(value)),
    {
      onNone: () => Number.NaN,
      onSome: (duration) => Math.floor(Duration.toSeconds(duration))
    }
  )

const ofDay = /^T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

/**
 * An instant in milliseconds since the epoch, or `undefined` for anything else. A date means noon
 * UTC on that date. At noon, the rows of the day before are published in all buildings. A time of
 * day needs an offset, because a time without an offset would mean different instants on different
 * machines.
 */
export const instant = (value: unknown): number | undefined => {
  const millis = isText(value)
    ? isDate(value.slice(0, 10)) && (value.length === 10 || ofDay.test(value.slice(10)))
      ? Date.parse(value.length === 10 ? `${value}T12:00:00Z` : value)
      : Number.NaN
    : DateTime.isDateTime(value)
      ? DateTime.toEpochMillis(value)
      : value instanceof Date
        ? value.getTime()
        : Number.NaN
  return millis >= earliest && millis <= latest ? millis : undefined
}

const lifetime: Kind = {
  fits: (value) => seconds(value) >= 1 && seconds(value) <= 2_592_000,
  form: 'from 1 second to 30 days, such as "90 seconds"'
}

const timeLimit: Kind = {
  fits: (value) => seconds(value) >= 1 && seconds(value) <= 86_400,
  form: 'from 1 second to 1 day, such as "60 seconds"'
}

const isText = (value: unknown): value is string => typeof value === "string"

const kinds: { readonly [Name in keyof Required<Options>]: Kind } = {
  port: whole(65_533, "a whole number from 0 to 65533"),
  seed: whole(0xffffffff, "a whole number from 0 to 4294967295"),
  today: {
    fits: (value) => instant(value) !== undefined,
    form: 'a date such as "2025-06-30", or an instant such as "2025-06-30T08:00:00Z"'
  },
  tokenLifetime: lifetime,
  refreshTokenLifetime: lifetime,
  sessionLifetime: lifetime,
  allowedOrigins: {
    fits: (value) => Array.isArray(value) && value.every(isOrigin),
    form: 'a list of origins, such as ["http://localhost:5173"]'
  },
  databaseUrl: {
    fits: (value) => Redacted.isRedacted(value) && isText(Redacted.value(value)),
    form: "Redacted.make of the URL of a PostgreSQL server",
    isSecret: true
  },
  cacheDirectory: {
    fits: (value) => isText(value) && value !== "" && !value.includes("\0"),
    form: "the path of a directory"
  },
  stringifyNumericTypes: flag,
  timeLimit,
  rowLimit: whole(Number.MAX_SAFE_INTEGER, "a non-negative whole number"),
  allowAggregations: flag,
  introspection: flag,
  everyType: flag
}

const isOrigin = (value: unknown): boolean =>
  // Browsers send the origin "null" for a page that was opened from a file.
  value === "null" || (isText(value) && URL.canParse(value) && new URL(value).origin === value)

/** The error of the first invalid option. */
export const problemOf = (options: unknown): string | undefined => {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return `the options are ${show(options)}, but must be an object`
  }
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.entries(kinds).find(([known]) => known === name)?.[1]
    if (kind === undefined) return unknownName(name)
    if (value === undefined || kind.fits(value)) continue
    const shown = kind.isSecret === true ? `of type ${typeof value}` : show(value)
    return `${name} is ${shown}, but must be ${kind.form}`
  }
  return undefined
}

const show = (value: unknown): string => {
  if (isText(value)) return JSON.stringify(value.slice(0, 60))
  if (Array.isArray(value)) return "an array"
  if (Duration.isDuration(value)) return Duration.format(value)
  return typeof value === "object" && value !== null ? "an object" : String(value)
}

const unknownName = (name: string): string =>
  `there is no option ${JSON.stringify(name.slice(0, 60))}: ${nearestName(name, Object.keys(kinds))}`

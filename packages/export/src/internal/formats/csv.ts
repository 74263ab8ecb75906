/** CSV by RFC 4180. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { ExportError } from "../../ExportError.js"
import type { FileColumn, Value } from "../columns/column.js"
import { formatFloat } from "../columns/float.js"
import { formatInstant, memoLast } from "../columns/instant.js"
import type { Format } from "./target.js"
import { lineEncoder, type TextCompression } from "./textFile.js"

export interface CsvOptions {
  readonly compression: TextCompression
  readonly guardsFormulas: boolean
  /** The time zone of the local times, or `undefined` for no local times. */
  readonly localTime: string | undefined
}

export const csv =
  (path: string, { compression, guardsFormulas, localTime }: CsvOptions): Format =>
  (columns, sink) =>
    Effect.gen(function* () {
      const zone = localTime === undefined ? undefined : yield* zoneOf(localTime)
      const quoted = (text: string) => quote(guardsFormulas ? guard(text) : text)
      // With a time zone, each instant has two fields: the instant in UTC, and its local time.
      const local =
        zone === undefined
          ? undefined
          : memoLast((value: Value | null) => (value === null ? "" : localTimeOf(value, zone)))
      const taken = new Set(columns.map(({ name }) => name))
      const names: Array<string> = []
      const cells: Array<(value: Value | null) => string> = []
      for (const { name, type } of columns) {
        const text = cellText(type, quoted)
        if (type !== "instant" || local === undefined) {
          names.push(name)
          cells.push(text)
          continue
        }
        if (taken.has(`${name}_local`)) {
          return yield* new ExportError({
            reason: "InvalidOption",
            problem: `The local time of ${name} would be a second column ${name}_local`,
            hint: "Rename one of them in the selection of the query with as"
          })
        }
        names.push(name, `${name}_local`)
        cells.push((value) => `${text(value)},${local(value)}`)
      }
      return yield* lineEncoder(path, compression, {
        head: `${names.map(quoted).join(",")}\r\n`,
        before: columns.map((_, index) => (index === 0 ? "" : ",")),
        cells,
        after: "\r\n"
      })(sink)
    })

/** Formats a cell. Null is an empty field, and empty text is a pair of quotes. */
const cellText = (
  type: FileColumn["type"],
  quoted: (text: string) => string
): ((value: Value | null) => string) => {
  switch (type) {
    case "instant":
      return memoLast((value) => (typeof value === "bigint" ? formatInstant(value) : ""))
    case "float64":
      return (value) => (value === null ? "" : formatFloat(value))
    case "json":
    case "text":
      return (value) => (value === null ? "" : quoted(String(value)))
    default:
      // Digits, dates and names of booleans need no quotes.
      return (value) => (value === null ? "" : String(value))
  }
}

const quote = (text: string): string =>
  text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/**
 * A spreadsheet reads text that begins with one of these characters as a formula. An apostrophe
 * makes it text (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const guard = (text: string): string =>
  /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text

const zoneOf = (name: string): Effect.Effect<DateTime.TimeZone, ExportError> =>
  Option.match(DateTime.zoneMakeNamed(name), {
    onSome: Effect.succeed,
    onNone: () =>
      Effect.fail(
        new ExportError({
          reason: "InvalidOption",
          problem: `localTime is ${JSON.stringify(name)}, which is not a time zone`,
          hint: "Pass the IANA name of the building's zone, such as America/Chicago"
        })
      )
  })

/**
 * Formats the local time with its offset, as 2024-03-10T03:00:00.000-05:00. When clocks go back, an
 * hour occurs twice, and the offset distinguishes the two hours.
 */
const localTimeOf = (micros: Value, zone: DateTime.TimeZone): string =>
  typeof micros === "bigint"
    ? DateTime.formatIsoOffset(DateTime.setZone(DateTime.unsafeMake(Number(micros / 1_000n)), zone))
    : ""

/** The single object that `--json` prints. */
import type { Described } from "./failure.js"

export interface Envelope {
  /** Version of the envelope's format. */
  readonly schema: 1
  readonly ok: boolean
  readonly data: unknown
  /** Whether the result has everything that was requested. */
  readonly complete: boolean
  /** Whether rows were left out because of a limit. */
  readonly truncated: boolean
  readonly freshness: { readonly [name: string]: string | null } | null
  readonly warnings: ReadonlyArray<string>
  readonly error: Described | null
}

export const failed = (error: Described, warnings: ReadonlyArray<string> = []): Envelope => ({
  schema: 1,
  ok: false,
  data: null,
  complete: false,
  truncated: false,
  freshness: null,
  warnings,
  error
})

export const printEnvelope = (envelope: Envelope): string => `${json(envelope, 2)}\n`

/** The beginning of an envelope whose rows follow one by one. */
export const openEnvelope = '{\n  "schema": 1,\n  "data": ['

export const printRows = (rows: ReadonlyArray<unknown>, isFirst: boolean): string =>
  rows.map((row, index) => `${isFirst && index === 0 ? "" : ","}\n    ${json(row)}`).join("")

/**
 * The rest of the envelope. `ok` comes after the rows, because the command only knows at the end
 * whether it succeeded.
 */
export const closeEnvelope = ({ data: _data, schema: _schema, ...rest }: Envelope): string =>
  `\n  ],${json(rest, 2).slice(1)}\n`

/** Writes a `bigint` as a string, because most readers of JSON cannot hold such wide integers. */
export const json = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? String(part) : part), indent)

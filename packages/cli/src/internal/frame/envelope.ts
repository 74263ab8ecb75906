/** The one object of `--json`. */
import type { Described } from "./failure.js"

export interface Envelope {
  /** Version of this form. */
  readonly schema: 1
  readonly ok: boolean
  readonly data: unknown
  /** Whether everything is there that was asked for. */
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

export const printEnvelope = (envelope: Envelope): string =>
  `${JSON.stringify(envelope, (_key, value) => (typeof value === "bigint" ? String(value) : value), 2)}\n`

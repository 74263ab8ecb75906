import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Target } from "../Fault.js"
import type { ApiName } from "./ApiName.js"
import type { Injection } from "./faults/FaultQueue.js"

/** What a request is for. */
export type RequestKind = Target | "authorize" | "sign-in" | "sign-out" | "userinfo"

/** What arrived, and what it was answered with. */
export interface RequestRecord {
  readonly kind: RequestKind
  /** The generation, or `login` for the host where people sign in. */
  readonly api: ApiName | "login"
  /** Null while there is no answer yet, and for good if the connection was destroyed before one. */
  readonly status: number | null
  readonly operationName?: string
  /** What a token request offers, such as `refresh_token`. */
  readonly grantType?: string
  /** What an authorization request says of its page: `none` is a silent one. */
  readonly prompt?: string
  /** The tag of the fault that met the request. */
  readonly fault?: string
  /** Which fault that was, and why it met this request. */
  readonly injection?: Injection
  /**
   * Names in lower case; `authorization`, `x-session-id` and `cookie` are left out. A value, like
   * every other text of a record, is cut after 1,000 characters.
   */
  readonly headers: Readonly<Record<string, string>>
  /** When it arrived, by the sandbox's clock. */
  readonly at: DateTime.Utc
}

export interface RequestLog {
  /** Notes a request and returns the way to note its status. */
  readonly received: (record: Omit<RequestRecord, "status">) => (status: number | null) => void
  readonly all: () => ReadonlyArray<RequestRecord>
  readonly awaitCount: (count: number) => Effect.Effect<void>
  readonly clear: () => void
}

const secretHeaders = new Set(["authorization", "x-session-id", "cookie"])

/**
 * A sandbox may run for weeks. What a client sends can be long as well: a name of an operation is
 * bounded by the body alone.
 */
const longest = { records: 10_000, text: 1_000, headers: 16_384 }

const bounded = (text: string): string =>
  text.length > longest.text ? `${text.slice(0, longest.text)}...` : text

/**
 * The headers that a record keeps: none with a secret, long values cut, and no more than a record
 * may hold.
 */
const headersOf = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  let left = longest.headers
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !secretHeaders.has(name))
      .map(([name, value]) => [bounded(name), bounded(value)] as const)
      .filter(([name, value]) => {
        left -= name.length + value.length
        return left >= 0
      })
  )
}

const notes = ["operationName", "grantType", "prompt"] as const

const boundedRecord = (
  record: Omit<RequestRecord, "status">
): { -readonly [Name in keyof RequestRecord]: RequestRecord[Name] } => ({
  ...record,
  ...Object.fromEntries(
    notes.flatMap((name) => {
      const text = record[name]
      return text === undefined ? [] : [[name, bounded(text)]]
    })
  ),
  headers: headersOf(record.headers),
  status: null
})

export const make = (): RequestLog => {
  let records: Array<RequestRecord> = []
  let received = 0
  const waiting = new Set<{ readonly count: number; readonly resume: () => void }>()
  return {
    received: (record) => {
      const kept = boundedRecord(record)
      records.push(kept)
      if (records.length > longest.records) records.shift()
      received += 1
      for (const waiter of [...waiting]) {
        if (waiter.count <= received) {
          waiting.delete(waiter)
          waiter.resume()
        }
      }
      return (status) => {
        kept.status = status
      }
    },
    all: () => records.map((record) => ({ ...record })),
    awaitCount: (count) =>
      Effect.async((resume) => {
        if (received >= count) return resume(Effect.void)
        const waiter = { count, resume: () => resume(Effect.void) }
        waiting.add(waiter)
        return Effect.sync(() => waiting.delete(waiter))
      }),
    clear: () => {
      records = []
      received = 0
    }
  }
}

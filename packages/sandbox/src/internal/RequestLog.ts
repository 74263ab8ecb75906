import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Target } from "../Fault.js"
import type { ApiName } from "./ApiName.js"
import type { Injection } from "./faults/FaultQueue.js"

/** The purpose of a request. */
export type RequestKind =
  | Target
  | "authorize"
  | "device"
  | "revoke"
  | "sign-in"
  | "sign-out"
  | "userinfo"

/** A request and its response. */
export interface RequestRecord {
  readonly kind: RequestKind
  /** The generation, or `login` for the sign-in host. */
  readonly api: ApiName | "login"
  /** Null until the response. It stays null if the connection was destroyed before the response. */
  readonly status: number | null
  readonly operationName?: string
  /** The grant type of a token request, such as `refresh_token`. */
  readonly grantType?: string
  /** The `prompt` of an authorization request. `none` means a silent authorization. */
  readonly prompt?: string
  /** The tag of the fault that was applied to the request. */
  readonly fault?: string
  /** The number of the applied fault, and the reason why it was applied. */
  readonly injection?: Injection
  /**
   * The request's headers, with their names in lower case. The headers `authorization`,
   * `x-session-id` and `cookie` are left out. Values, like all texts of a record, are cut after
   * 1,000 characters.
   */
  readonly headers: Readonly<Record<string, string>>
  /** When the request arrived, by the sandbox's clock. */
  readonly at: DateTime.Utc
}

export interface RequestLog {
  /** Records a request and returns a function that records its status. */
  readonly received: (record: Omit<RequestRecord, "status">) => (status: number | null) => void
  readonly all: () => ReadonlyArray<RequestRecord>
  readonly awaitCount: (count: number) => Effect.Effect<void>
  readonly clear: () => void
}

const secretHeaders = new Set(["authorization", "x-session-id", "cookie"])

/**
 * The log is limited, because a sandbox may run for weeks. Texts are limited too, because the name
 * of an operation can be as long as a body.
 */
const longest = { records: 10_000, text: 1_000, headers: 16_384 }

const bounded = (text: string): string =>
  text.length > longest.text ? `${text.slice(0, longest.text)}...` : text

/**
 * The headers of a record. Secrets are removed, long values are cut, and the total length is
 * limited.
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

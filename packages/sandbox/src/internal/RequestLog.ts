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
  /** Names in lower case; `authorization`, `x-session-id` and `cookie` are left out. */
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

export const withoutSecrets = (
  headers: Readonly<Record<string, string>>
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !secretHeaders.has(name)))

export const make = (): RequestLog => {
  let records: Array<RequestRecord> = []
  const waiting = new Set<{ readonly count: number; readonly resume: () => void }>()
  return {
    received: (record) => {
      const log = records
      const index = log.push({ ...record, status: null }) - 1
      for (const waiter of [...waiting]) {
        if (waiter.count <= log.length) {
          waiting.delete(waiter)
          waiter.resume()
        }
      }
      return (status) => {
        log[index] = { ...record, status }
      }
    },
    all: () => [...records],
    awaitCount: (count) =>
      Effect.async((resume) => {
        if (records.length >= count) return resume(Effect.void)
        const waiter = { count, resume: () => resume(Effect.void) }
        waiting.add(waiter)
        return Effect.sync(() => waiting.delete(waiter))
      }),
    clear: () => {
      records = []
    }
  }
}

/**
 * Summarizes the sandbox's log in figures. The sandbox does not send the log itself, because the
 * log can have a million entries.
 */
import type { RequestRecord } from "@innerspace-metrics/sandbox/Sandbox"
import * as DateTime from "effect/DateTime"
import type { Summary } from "./messages.js"

export const summarize = (requests: ReadonlyArray<RequestRecord>): Summary => {
  const faults: Record<string, number> = {}
  const calls = new Map<string, { sent: number; lastFault: string | undefined }>()
  const graphql = requests.filter(({ kind }) => kind === "graphql")
  for (const { fault, headers } of graphql) {
    if (fault !== undefined) faults[fault] = (faults[fault] ?? 0) + 1
    const id = headers["x-request-id"] ?? ""
    calls.set(id, { sent: (calls.get(id)?.sent ?? 0) + 1, lastFault: fault })
  }
  const repeatedCalls = [...calls.values()].filter(({ sent }) => sent > 1)
  return {
    graphql: graphql.length,
    faults,
    repeated: graphql.length - calls.size,
    repeatedWithSuccess: repeatedCalls.filter(({ lastFault }) => lastFault === undefined).length,
    tokenRequests: requests
      .filter(({ kind }) => kind === "token")
      .map(({ at, fault, status }) => ({
        at: DateTime.toEpochMillis(at),
        status,
        ...(fault === undefined ? {} : { fault })
      }))
  }
}

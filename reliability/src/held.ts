/** The resources that a client holds while it is open, and must release when it is closed. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { Sandbox } from "./sandbox.js"

export interface Held {
  /** The number of connections between the sandbox and this process. */
  readonly connections: number
  readonly sockets: number
  readonly timers: number
  /** The number of fibers of this process, including fibers of promise clients. */
  readonly fibers: number
}

/** The name under which Effect counts its fibers. */
const activeFibers = Metric.counter("effect_fiber_active")

const here: Effect.Effect<Omit<Held, "connections">> = Effect.map(
  Metric.value(activeFibers),
  ({ count }) => {
    const resources = process.getActiveResourcesInfo()
    return {
      sockets: resources.filter((kind) => kind === "TCPSocketWrap").length,
      timers: resources.filter((kind) => kind === "Timeout").length,
      fibers: count
    }
  }
)

export const now = (sandbox: Sandbox): Effect.Effect<Held> =>
  Effect.zipWith(sandbox.connections, here, (connections, here) => ({ connections, ...here }))

const turn = Effect.async<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})

/**
 * How many turns of the event loop to wait at most. Closing a socket takes several turns at both
 * ends.
 */
const turns = 2_000

/**
 * The resources that are held in addition to the resources in `before`. This effect waits first, so
 * that closed resources have time to disappear.
 */
export const beyond = (sandbox: Sandbox, before: Held): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    for (let left = turns; ; left--) {
      const found = { connections: before.connections, ...(yield* here) }
      const isLast = left === 0
      // The connections are counted only after the other resources are released, because counting
      // them needs a request to the sandbox's process.
      if (isLast || leaks(before, found).length === 0) {
        const all = leaks(before, yield* now(sandbox))
        if (isLast || all.length === 0) return all
      }
      yield* turn
    }
  })

const leaks = (before: Held, after: Held): ReadonlyArray<string> =>
  (["connections", "sockets", "timers", "fibers"] as const).flatMap((kind) =>
    after[kind] > before[kind] ? [`${after[kind] - before[kind]} ${kind}`] : []
  )

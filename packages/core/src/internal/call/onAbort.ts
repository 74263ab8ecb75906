/**
 * Callbacks for the abort of a signal, with one listener for any number of calls.
 *
 * An app can pass one signal to all its calls, and Node warns of a leak if an `AbortSignal` has
 * more than ten listeners.
 */
import { InFlightMap } from "../http/inFlightMap.js"

/** Calls `run` when the signal aborts, unless the returned function was called before. */
export const onAbort = (signal: AbortSignal, run: () => void): (() => void) => {
  const waiting = waitingFor.get(signal) ?? listen(signal)
  // Each call adds its own object, because several calls can pass the same function.
  const entry = { run }
  waiting.entries.set(entry, undefined)
  return () => {
    if (!waiting.entries.delete(entry) || waiting.entries.size > 0) return
    signal.removeEventListener("abort", waiting.ring)
    waitingFor.delete(signal)
  }
}

interface Waiting {
  readonly entries: InFlightMap<{ readonly run: () => void }, undefined>
  readonly ring: () => void
}

const waitingFor = /* @__PURE__ */ new WeakMap<AbortSignal, Waiting>()

const listen = (signal: AbortSignal): Waiting => {
  const entries: Waiting["entries"] = new InFlightMap()
  const ring = () => {
    for (const { run } of entries.keys()) run()
  }
  const waiting = { entries, ring }
  waitingFor.set(signal, waiting)
  signal.addEventListener("abort", ring)
  return waiting
}

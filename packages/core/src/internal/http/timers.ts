/**
 * Time limits of requests in flight. One fiber serves all requests.
 *
 * This module does not use `Effect.timeout`, which races two fibers for each effect and takes
 * longer than the rest of a call. In this module, one fiber sleeps until the earliest time limit,
 * and ends when no request is in flight. `npm run bench -- requests` measures the time of a call.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import { millisOf } from "../monotonic.js"
import { InFlightMap } from "./inFlightMap.js"

/**
 * Calls `ring` at the time `until`, as `millisOf` measures time. The returned function cancels the
 * alarm.
 */
export type SetAlarm = (clock: Clock.Clock, until: number, ring: () => void) => CancelAlarm

export type CancelAlarm = () => void

export const makeSetAlarm = (): SetAlarm => {
  let last: { readonly clock: Clock.Clock; readonly set: AlarmClock } | undefined
  return (clock, until, ring) => {
    // A client usually uses only one clock. After a change of the clock, earlier alarms still use
    // the earlier clock.
    if (last?.clock !== clock) last = { clock, set: makeAlarmClock(clock) }
    return last.set(until, ring)
  }
}

/**
 * An alarm rings if the time until the alarm is shorter than this, in milliseconds. Some clocks
 * cannot measure such a short sleep, so a fiber could sleep for 0 ms again and again.
 */
const tick = 0.01

type AlarmClock = (until: number, ring: () => void) => CancelAlarm

const makeAlarmClock = (clock: Clock.Clock): AlarmClock => {
  const alarms = new InFlightMap<{ readonly until: number; readonly ring: () => void }, undefined>()
  let sleeper: { readonly fiber: Fiber.RuntimeFiber<void>; readonly until: number } | undefined
  let isDue = false

  /**
   * Calls `settle` in a microtask. When the last alarm is cancelled, the next call often begins
   * before this microtask, and can then use the same fiber.
   */
  const settleLater = () => {
    if (isDue) return
    isDue = true
    queueMicrotask(settle)
  }

  /** Rings the alarms that are due, and sleeps until the next one. */
  const settle = () => {
    isDue = false
    const now = millisOf(clock)
    let until = Number.POSITIVE_INFINITY
    for (const alarm of alarms.keys()) {
      if (alarm.until - now < tick) {
        // An alarm that rang before may have cancelled this alarm.
        if (alarms.delete(alarm)) alarm.ring()
      } else {
        until = Math.min(until, alarm.until)
      }
    }
    if (sleeper !== undefined && (alarms.size === 0 || until < sleeper.until)) {
      sleeper.fiber.unsafeInterruptAsFork(FiberId.none)
      sleeper = undefined
    }
    if (sleeper !== undefined || alarms.size === 0) return
    const fiber = Effect.runFork(clock.sleep(Duration.millis(until - now)))
    sleeper = { fiber, until }
    fiber.addObserver(() => {
      if (sleeper?.fiber !== fiber) return
      sleeper = undefined
      settle()
    })
  }

  return (until, ring) => {
    const alarm = { until, ring }
    alarms.set(alarm, undefined)
    if (sleeper === undefined || until < sleeper.until) settleLater()
    return () => {
      alarms.delete(alarm)
      if (alarms.size === 0) settleLater()
    }
  }
}

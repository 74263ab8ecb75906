import { PCGRandom } from "effect/Utils"
import type { Fault, FaultEffect } from "../../Fault.js"
import type { SandboxClock } from "../SandboxClock.js"
import type { Schedule } from "./Schedule.js"
import { limitOf, scheduleOf } from "./Schedule.js"

/** The fault that was applied to a request, and why. */
export interface Injection {
  /** The number of the fault, counted from 1 in the order of injection since the start or reset. */
  readonly number: number
  /** The number of the matching request, counted from 1 since the injection. */
  readonly ordinal: number
  readonly schedule: Schedule
}

/** The properties of a request with which faults are matched. */
export interface Candidate {
  readonly kind: string
  readonly api: string
  readonly operationName?: string
}

/** Pending faults, in the order of injection. */
export interface FaultQueue {
  readonly add: (fault: Fault) => void
  /** Returns the first fault that applies to a request. Every matching fault counts the request. */
  readonly take: (
    request: Candidate
  ) => { readonly effect: FaultEffect; readonly injection: Injection } | undefined
  readonly clear: () => void
  /**
   * Drops all faults and numbers new faults from 1 again, so that the same requests get the same
   * faults.
   */
  readonly reset: () => void
}

interface Waiting {
  readonly fault: Fault
  readonly number: number
  readonly random: PCGRandom
  readonly until: number
  readonly lastOrdinal: number
  ordinal: number
  left: number
}

/** Maximum number of pending faults, because each request is compared with all of them. */
const most = 10_000

export const make = (clock: SandboxClock, seed: number): FaultQueue => {
  let waiting: ReadonlyArray<Waiting> = []
  let added = 0
  const isOver = ({ lastOrdinal, left, ordinal, until }: Waiting, now: number): boolean =>
    left < 1 || now >= until || ordinal >= lastOrdinal
  return {
    add: (fault) => {
      added += 1
      const { duringSeconds = Number.POSITIVE_INFINITY, ordinals } = fault
      waiting = [
        ...waiting.slice(-(most - 1)),
        {
          fault,
          number: added,
          // Each fault has its own generator of random numbers, so that other faults do not affect
          // it.
          random: new PCGRandom(seed, added),
          until: clock.now() + duringSeconds * 1000,
          lastOrdinal:
            ordinals?.reduce((last, one) => Math.max(last, one)) ?? Number.POSITIVE_INFINITY,
          ordinal: 0,
          left: limitOf(fault)
        }
      ]
    },
    take: (request) => {
      const now = clock.now()
      const happening = waiting.filter(
        (each) => couldMeet(each.fault, request) && happens(each, now)
      )
      const [first] = happening
      if (first !== undefined) first.left -= 1
      waiting = waiting.filter((each) => !isOver(each, now))
      return first === undefined
        ? undefined
        : {
            effect: first.fault.effect,
            injection: {
              number: first.number,
              ordinal: first.ordinal,
              schedule: scheduleOf(first.fault)
            }
          }
    },
    clear: () => {
      waiting = []
    },
    reset: () => {
      waiting = []
      added = 0
    }
  }
}

const couldMeet = ({ api, operationName, target }: Fault, request: Candidate): boolean =>
  target === request.kind &&
  (api === undefined || api === request.api) &&
  (operationName === undefined || operationName === request.operationName)

/** Counts the request, and decides whether the fault happens to it. */
const happens = (waiting: Waiting, now: number): boolean => {
  const { chance, ordinals } = waiting.fault
  waiting.ordinal += 1
  const drawn = chance === undefined || waiting.random.number() < chance
  return (
    drawn &&
    waiting.left >= 1 &&
    now < waiting.until &&
    (ordinals === undefined || ordinals.includes(waiting.ordinal))
  )
}

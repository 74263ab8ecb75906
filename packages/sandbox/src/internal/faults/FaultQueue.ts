import { PCGRandom } from "effect/Utils"
import type { Fault, FaultEffect } from "../../Fault.js"
import type { SandboxClock } from "../SandboxClock.js"
import type { Schedule } from "./Schedule.js"
import { limitOf, scheduleOf } from "./Schedule.js"

/** Which fault met a request, and why this request. */
export interface Injection {
  /** Which fault: 1 is the first one injected since the start or the last reset. */
  readonly number: number
  /** Which of the requests that the fault could meet: 1 is the first one after it was injected. */
  readonly ordinal: number
  readonly schedule: Schedule
}

/** What a fault goes by. */
export interface Candidate {
  readonly kind: string
  readonly api: string
  readonly operationName?: string
}

/** Faults that are waiting for their requests, in the order in which they were added. */
export interface FaultQueue {
  readonly add: (fault: Fault) => void
  /** The first fault that happens to a request. Every fault that could have met it counts it. */
  readonly take: (
    request: Candidate
  ) => { readonly effect: FaultEffect; readonly injection: Injection } | undefined
  readonly clear: () => void
  /**
   * Numbers the faults from 1 again, so that the same requests after it are dealt with in the same
   * way.
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

/** Each request goes through all that wait. */
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
          // A generator for each fault: whether it happens does not depend on the faults beside it.
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

/** Counts the request, and draws whether it is one of those that the fault happens to. */
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

import type { Fault, FaultEffect } from "../Fault.js"

/** Faults that are waiting for their requests, in the order in which they were added. */
export interface FaultQueue {
  readonly add: (fault: Fault) => void
  /** The first fault for a target, used up by one. */
  readonly take: (target: string) => FaultEffect | undefined
  readonly clear: () => void
}

export const make = (): FaultQueue => {
  let queue: ReadonlyArray<Fault> = []
  return {
    add: (fault) => {
      queue = [...queue, fault]
    },
    take: (target) => {
      const taken = queue.find((fault) => fault.target === target)
      if (taken === undefined) return undefined
      queue = queue.flatMap((fault) =>
        fault !== taken ? [fault] : fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : []
      )
      return taken.effect
    },
    clear: () => {
      queue = []
    }
  }
}

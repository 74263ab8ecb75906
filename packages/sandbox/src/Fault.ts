/**
 * Faults that the sandbox can simulate, as values. A fault is injected with `control.inject`, with
 * `POST /_sandbox/faults` on the control endpoint, or with the command. If several faults match a
 * request, the fault that was injected first applies.
 */

export * from "./internal/faults/answers.js"
export * from "./internal/faults/changes.js"
export type { Options } from "./internal/faults/Fault.js"
export { Api, Fault, Target } from "./internal/faults/Fault.js"
export type { Closing, Encoding, RefusalStatus } from "./internal/faults/FaultEffect.js"
export { FaultEffect } from "./internal/faults/FaultEffect.js"
export type { Schedule } from "./internal/faults/Schedule.js"
export * from "./internal/faults/server.js"
export * from "./internal/faults/transport.js"

/**
 * Faults: what the sandbox can be told to do wrong, as values. They are injected with
 * `control.inject`, over the control endpoint `POST /_sandbox/faults`, or by the command. A request
 * meets the first fault, in the order of injection, that its target and schedule let happen.
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

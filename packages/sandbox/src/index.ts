export * as Fault from "./Fault.js"
export * as Sandbox from "./Sandbox.js"

// `loaders.bundled.ts` explains why this file exports the start of a page.
export { makeWithTransport } from "../../MetricsClient.js"
export { from } from "../../Query.js"
export * from "../stream/loaded.js"

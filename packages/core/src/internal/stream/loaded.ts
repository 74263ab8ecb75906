/** Exports the code that a client loads when it begins its first stream. */
export { tools } from "../columns/tools.js"
export { channelOf, toPull } from "./channel.js"
export { rowsReaderOf } from "./page.js"
export { plan } from "./plan.js"
export { begin } from "./run.js"

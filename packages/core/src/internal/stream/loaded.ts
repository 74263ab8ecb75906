/** Exports the code that a client loads when it begins its first stream. */
export { columnsReaderOf } from "./loadColumns.js"
export { rowsReaderOf } from "./page.js"
export { plan } from "./plan.js"
export { begin } from "./run.js"

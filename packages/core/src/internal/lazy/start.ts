/**
 * The code with which a page starts. `streams.ts`, `batching.ts` and `schemaDecoder.ts`, which the
 * page loads later, export this code again, so that a bundler puts it into one file with Effect. If
 * only the start needed this code, the bundler would put it into a file of its own, and the file
 * with Effect would export more than 400 functions to it, by name. This file saves 2.3 kB of 88 kB
 * (gzipped, esbuild 0.28 and Rolldown). Measure it with `pnpm size`.
 */
export { makeWithTransport } from "../../MetricsClient.js"
export { from } from "../../Query.js"

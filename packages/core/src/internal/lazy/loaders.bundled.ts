/**
 * Loads parts of the client's code in a page when the page first needs them. `stream`, `columns`,
 * `execute` and `schema` are methods of a client, and `query` can merge queries, so a bundler
 * cannot leave out this code. With an `import()`, this code is in separate files, which a page does
 * not load at its start. `pnpm size` does not count these files.
 *
 * `streams.ts`, `batching.ts` and `schemaDecoder.ts` also export functions with which a page
 * starts. A bundler puts modules that the same files need into one file. If only the start needed
 * these functions and their imports, esbuild would divide the start into five files, which import
 * almost 300 names from each other. This takes 2.2 kB of 88 kB, gzipped.
 */
import { load } from "./load.js"

export const loadStreams = /* @__PURE__ */ load<typeof import("../stream/loaded.js")>(
  "streams",
  () => import("./streams.js")
)

export const loadColumns = /* @__PURE__ */ load("columns", () => import("../columns/reader.js"))

export const loadBatching = /* @__PURE__ */ load<typeof import("../call/batch.js")>(
  "the merging of queries",
  () => import("./batching.js")
)

export const loadSchemaDecoder = /* @__PURE__ */ load<typeof import("../rows/decodeSchema.js")>(
  "the decoder of Schemas",
  () => import("./schemaDecoder.js")
)

export const loadIntrospection = /* @__PURE__ */ load(
  "the introspection query",
  () => import("../call/introspectionDocument.js")
)

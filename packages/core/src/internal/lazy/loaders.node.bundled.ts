/**
 * Provides the code that `loaders.bundled.ts` loads later in a page, in a bundle for Node. Such a
 * bundle is often one file. If a module of one file is loaded by `import()`, esbuild puts it and
 * all its imports into functions, which takes longer than to load all of it at once. Measure it
 * with `npm run bench -- coldStart`.
 */
import * as Effect from "effect/Effect"
import * as batching from "../call/batch.js"
import * as introspection from "../call/introspectionDocument.js"
import * as columns from "../columns/reader.js"
import * as schemaDecoder from "../rows/decodeSchema.js"
import * as streams from "../stream/loaded.js"
import type * as bundled from "./loaders.bundled.js"

export const loadStreams: typeof bundled.loadStreams = /* @__PURE__ */ Effect.succeed(streams)

export const loadColumns: typeof bundled.loadColumns = /* @__PURE__ */ Effect.succeed(columns)

export const loadBatching: typeof bundled.loadBatching = /* @__PURE__ */ Effect.succeed(batching)

export const loadSchemaDecoder: typeof bundled.loadSchemaDecoder =
  /* @__PURE__ */ Effect.succeed(schemaDecoder)

export const loadIntrospection: typeof bundled.loadIntrospection =
  /* @__PURE__ */ Effect.succeed(introspection)

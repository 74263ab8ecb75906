/**
 * Provides the code that `loaders.bundled.ts` loads later in a page. Node loads one file faster
 * than two, even if the file has more code, so the short parts are loaded together with the rest of
 * the client. Streams are loaded later, because Effect's module `Stream` and its imports are 66
 * files. Measure it with `npm run bench -- coldStart`.
 */
import * as Effect from "effect/Effect"
import * as batching from "../call/batch.js"
import * as introspection from "../call/introspectionDocument.js"
import * as schemaDecoder from "../rows/decodeSchema.js"
import { load } from "./load.js"
import type * as bundled from "./loaders.bundled.js"

export { loadColumns } from "./loaders.bundled.js"

export const loadStreams: typeof bundled.loadStreams = /* @__PURE__ */ load(
  "streams",
  () => import("../stream/loaded.js")
)

export const loadBatching: typeof bundled.loadBatching = /* @__PURE__ */ Effect.succeed(batching)

export const loadSchemaDecoder: typeof bundled.loadSchemaDecoder =
  /* @__PURE__ */ Effect.succeed(schemaDecoder)

export const loadIntrospection: typeof bundled.loadIntrospection =
  /* @__PURE__ */ Effect.succeed(introspection)

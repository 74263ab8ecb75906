/**
 * Provides the code that `loaders.bundled.ts` loads later in a page. In Node, this code is loaded
 * together with the rest of the client.
 */
import * as Effect from "effect/Effect"
import * as introspection from "../call/introspectionDocument.js"
import * as schemaDecoder from "../rows/decodeSchema.js"
import * as streams from "../stream/loaded.js"
import type * as bundled from "./loaders.bundled.js"

export const loadStreams: typeof bundled.loadStreams = /* @__PURE__ */ Effect.succeed(streams)

export const loadSchemaDecoder: typeof bundled.loadSchemaDecoder =
  /* @__PURE__ */ Effect.succeed(schemaDecoder)

export const loadIntrospection: typeof bundled.loadIntrospection =
  /* @__PURE__ */ Effect.succeed(introspection)

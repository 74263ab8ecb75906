/**
 * The code that a page loads when it is first needed. A client has `stream`, `execute` and `schema`
 * as methods, so no bundler can leave their code out. The code behind an `import()`, however, is
 * not part of the page. `pnpm size` measures the page.
 */
import { load } from "../load.js"

export const loadStreams = /* @__PURE__ */ load("streams", () => import("../stream/loaded.js"))

export const loadSchemaDecoder = /* @__PURE__ */ load(
  "the decoder of Schemas",
  () => import("../rows/decodeSchema.js")
)

export const loadIntrospection = /* @__PURE__ */ load(
  "the introspection query",
  () => import("../call/introspectionDocument.js")
)

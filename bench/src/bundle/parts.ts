/** The parts of the client's own code, and what a page would save without each of them. */

interface Part {
  readonly name: string
  /** The ends of the paths of the modules that are left out. */
  readonly modules: ReadonlyArray<string>
}

const internal = (...names: ReadonlyArray<string>) =>
  names.map((name) => `/core/dist/internal/${name}.js`)

const adapter = (...names: ReadonlyArray<string>) =>
  names.map((name) => `/browser-adapter/dist/internal/${name}.js`)

export const parts: ReadonlyArray<Part> = [
  { name: "imports of the files that load later", modules: internal("lazy/loaders.bundled") },
  { name: "errors of responses", modules: internal("call/readAnswer", "http/retryAfter") },
  {
    name: "queries: checks, arguments and printing",
    modules: internal("query/arguments", "query/selection", "graphql/print")
  },
  {
    name: "time ranges and zones",
    modules: ["/core/dist/TimeRange.js", ...internal("time/calendar", "scalar/span")]
  },
  {
    name: "redaction of secrets",
    modules: internal("redact/text", "redact/json", "redact/beginning", "redact/shownValues")
  },
  { name: "one token for all tabs", modules: adapter("tabs") },
  { name: "errors of a sign-in", modules: adapter("signInError", "likelyCause") }
]

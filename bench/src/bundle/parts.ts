/** The parts of the client's own code, and what a page would save without each of them. */
import { parseSync, Visitor } from "rolldown/utils"

interface Part {
  readonly name: string
  /** What is left of a module of the client without the part. `undefined`: all of it. */
  readonly rest: (path: string, code: string) => string | undefined
}

const internal = (...names: ReadonlyArray<string>) =>
  names.map((name) => `/core/dist/internal/${name}.js`)

const adapter = (...names: ReadonlyArray<string>) =>
  names.map((name) => `/browser-adapter/dist/internal/${name}.js`)

/**
 * Leaves out the content of the modules whose paths end so. What they export becomes a property of
 * `globalThis`, so the page has the same calls but does not run.
 */
const withoutModules =
  (...ends: ReadonlyArray<string>): Part["rest"] =>
  (path, code) =>
    ends.some((end) => path.endsWith(end))
      ? [...code.matchAll(/^export (?:const|class) (\w+)/gm)]
          .map(([, name]) => `export const ${name} = globalThis.${name}`)
          .join("\n")
      : undefined

/** Empties each text that has a space between two letters, such as a message. */
const withoutTexts: Part["rest"] = (path, code) => {
  const texts: Array<{ readonly start: number; readonly end: number; readonly quotes: string }> = []
  const isText = (text: string) => /[a-z] [a-z]/i.test(text)
  new Visitor({
    Literal: ({ end, start, value }) => {
      if (typeof value === "string" && isText(value)) texts.push({ start, end, quotes: '""' })
    },
    TemplateElement: ({ end, start, value }) => {
      if (isText(value.raw)) texts.push({ start, end, quotes: "" })
    }
  }).visit(parseSync(path, code).program)
  return texts
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { end, quotes, start }) => rest.slice(0, start) + quotes + rest.slice(end), code)
}

const responses = internal("call/readAnswer", "http/retryAfter")
const tabs = adapter("tabs")
const signIns = adapter("signInError", "likelyCause")

export const allTexts = "all texts of errors"

/**
 * Parts that a page could load later. The module of the first one also reads successful responses,
 * so a page that loads them later is larger than a page without them.
 */
export const couldLoadLater =
  "errors of responses and of a sign-in, one token for all tabs, and introspection"

export const parts: ReadonlyArray<Part> = [
  {
    name: "imports of the files that load later",
    rest: withoutModules(...internal("lazy/loaders.bundled"))
  },
  { name: allTexts, rest: withoutTexts },
  { name: "errors of responses", rest: withoutModules(...responses) },
  {
    name: "queries: checks, arguments and printing",
    rest: withoutModules(...internal("query/arguments", "query/selection", "graphql/print"))
  },
  {
    name: "time ranges and zones",
    rest: withoutModules("/core/dist/TimeRange.js", ...internal("time/calendar", "scalar/span"))
  },
  {
    name: "redaction of secrets",
    rest: withoutModules(
      ...internal("redact/text", "redact/json", "redact/beginning", "redact/shownValues")
    )
  },
  { name: "one token for all tabs", rest: withoutModules(...tabs) },
  { name: "errors of a sign-in", rest: withoutModules(...signIns) },
  {
    name: couldLoadLater,
    rest: withoutModules(
      ...responses,
      ...signIns,
      ...tabs,
      ...internal("call/introspect", "call/executable")
    )
  }
]

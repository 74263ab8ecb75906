/**
 * Makes a target that is a file or a stream. The options are checked when the target is written.
 */
import type { Writable } from "node:stream"
import * as Effect from "effect/Effect"
import type * as Export from "../Export.js"
import { ExportError } from "../ExportError.js"
import { type Format, toStream, toWholeFile } from "./formats/target.js"
import { TargetTypeId } from "./typeIds.js"

/** The values that each option may have. */
type Allowed = { readonly [name: string]: ReadonlyArray<unknown> | "text" }

export const makeTarget = (
  path: string,
  options: object,
  allowed: Allowed,
  format: () => Format,
  stream?: Writable
): Export.Target => ({
  [TargetTypeId]: TargetTypeId,
  path,
  write: (columns, batches) =>
    Effect.suspend(() => {
      const wrong = wrongOption(path, options, allowed)
      return wrong === undefined
        ? (stream === undefined ? toWholeFile(path, format()) : toStream(stream, path, format()))(
            columns,
            batches
          )
        : Effect.fail(wrong)
    })
})

/** The name of a stream in errors and summaries. */
export const streamName = "the stream"

/**
 * Returns an error if an option is not valid. The compiler checks the options only in TypeScript.
 */
const wrongOption = (path: unknown, options: object, allowed: Allowed): ExportError | undefined => {
  if (typeof path !== "string" || path === "") {
    return invalid(`The path of the file is ${JSON.stringify(path)}`, "Pass the path of a file")
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    const values = Object.hasOwn(allowed, name) ? allowed[name] : undefined
    if (values === undefined) {
      const names = Object.keys(allowed)
      return invalid(
        `${path} has an option ${JSON.stringify(name)}, which does not exist`,
        names.length === 0 ? "Leave it out" : `The options are ${names.join(", ")}`
      )
    }
    if (values === "text" ? typeof value !== "string" : !values.includes(value)) {
      return invalid(
        `The option ${name} of ${path} is ${JSON.stringify(value)}`,
        values === "text"
          ? "Pass text"
          : `Pass one of ${values.map((value) => JSON.stringify(value)).join(", ")}`
      )
    }
  }
  return undefined
}

const invalid = (problem: string, hint: string): ExportError =>
  new ExportError({ reason: "InvalidOption", problem, hint })

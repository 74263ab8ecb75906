/** The arguments of a connector, and the JSON files that they name. */
import { readFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import { ExportError } from "../../ExportError.js"
import { step } from "../files/system.js"

type Names = Readonly<
  Record<string, { readonly type: "string" | "boolean"; readonly short?: string }>
>

export interface Arguments {
  readonly positionals: ReadonlyArray<string>
  readonly values: Readonly<Record<string, string | boolean | undefined>>
}

export const parse = (
  args: ReadonlyArray<string>,
  names: Names,
  usage: string
): Effect.Effect<Arguments, ExportError> =>
  Effect.try({
    try: () => {
      const { positionals, values } = parseArgs({
        args: [...args],
        options: names,
        allowPositionals: true
      })
      return { positionals, values }
    },
    catch: (cause) =>
      invalid(cause instanceof Error ? (cause.message.split(". ")[0] ?? "") : String(cause), usage)
  })

export const invalid = (problem: string, hint: string): ExportError =>
  new ExportError({ reason: "InvalidOption", problem, hint })

/**
 * Reads a JSON file. No message contains the contents of the file, because the file can hold a
 * secret.
 */
const readJson = (path: string): Effect.Effect<unknown, ExportError> =>
  Effect.flatMap(
    step("read", path, () => readFile(path, "utf8")),
    (text) =>
      Effect.try({
        try: (): unknown => JSON.parse(text),
        catch: () => invalid(`${path} is not JSON`, "Pass the path of a JSON file")
      })
  )

/** The JSON of the file that an argument names. */
export const jsonOf = (
  values: Arguments["values"],
  name: string,
  usage: string
): Effect.Effect<unknown, ExportError> => {
  const path = values[name]
  return typeof path === "string"
    ? readJson(path)
    : Effect.fail(invalid(`There is no --${name}`, usage))
}

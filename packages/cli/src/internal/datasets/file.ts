/** `DATASET.toml`: what a dataset holds, next to its folder. The first sync writes it. */
import { readFile, rename, writeFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { LocalError, UsageError } from "../frame/failure.js"
import { didYouMean } from "../program/nearest.js"

export interface Contents {
  readonly api?: string
  readonly tables?: ReadonlyArray<string>
  readonly buildings?: ReadonlyArray<number>
  readonly granularities?: ReadonlyArray<string>
  readonly metrics?: ReadonlyArray<string>
  /** Group ids. */
  readonly groups?: ReadonlyArray<string>
  /** Filters in the form of `--where`. */
  readonly where?: ReadonlyArray<string>
  readonly from?: string
  readonly zone?: string
  readonly look_back_days?: number
  readonly keep_months?: number
}

const forms: {
  readonly [key in keyof Required<Contents>]: "text" | "number" | "texts" | "numbers"
} = {
  api: "text",
  tables: "texts",
  buildings: "numbers",
  granularities: "texts",
  metrics: "texts",
  groups: "texts",
  where: "texts",
  from: "text",
  zone: "text",
  look_back_days: "number",
  keep_months: "number"
}

export const readContents = (
  path: string
): Effect.Effect<Contents | undefined, UsageError | LocalError> =>
  Effect.gen(function* () {
    const text = yield* Effect.tryPromise({
      try: () => readFile(path, "utf8"),
      catch: (error) => error
    }).pipe(
      Effect.catchAll((error) =>
        error instanceof Error && "code" in error && error.code === "ENOENT"
          ? Effect.succeed(undefined)
          : Effect.fail(new LocalError(`Could not read ${path}: ${error}`, "Check its rights"))
      )
    )
    if (text === undefined) return undefined
    const { parse } = yield* Effect.promise(() => import("smol-toml"))
    const parsed = yield* Effect.try({
      try: (): { readonly [key: string]: unknown } => parse(text),
      catch: (error) =>
        new UsageError(
          `${path} is not valid TOML: ${(error instanceof Error ? error.message : String(error)).split("\n")[0]}`,
          "Correct the file"
        )
    })
    for (const [key, value] of Object.entries(parsed)) {
      if (!isKey(key)) {
        return yield* new UsageError(
          `${path} has the unknown key ${key}`,
          didYouMean(key, Object.keys(forms))
        )
      }
      if (!fits(forms[key], value)) {
        return yield* new UsageError(
          `${path}: ${key} is ${JSON.stringify(value)}`,
          forms[key].endsWith("s") ? "Write a list in square brackets" : `Write a ${forms[key]}`
        )
      }
    }
    // Each key was checked.
    return parsed as Contents
  })

const isKey = (key: string): key is keyof Contents => Object.hasOwn(forms, key)

const fits = (form: "text" | "number" | "texts" | "numbers", value: unknown): boolean => {
  switch (form) {
    case "text":
      return typeof value === "string"
    case "number":
      return typeof value === "number"
    case "texts":
      return Array.isArray(value) && value.every((one) => typeof one === "string")
    case "numbers":
      return Array.isArray(value) && value.every((one) => typeof one === "number")
  }
}

export const writeContents = (path: string, contents: Contents): Effect.Effect<void, LocalError> =>
  Effect.gen(function* () {
    const { stringify } = yield* Effect.promise(() => import("smol-toml"))
    yield* Effect.tryPromise({
      try: async () => {
        await writeFile(
          `${path}.tmp`,
          `# What the dataset holds. innerspace sync reads and updates it.\n${stringify(contents)}`
        )
        await rename(`${path}.tmp`, path)
      },
      catch: (error) => new LocalError(`Could not write ${path}: ${error}`, "Check the folder")
    })
  })

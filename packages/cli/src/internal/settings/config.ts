/** `config.toml`: the profiles. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { LocalError, UsageError } from "../frame/failure.js"
import type { World } from "../frame/world.js"
import { nearest } from "../program/nearest.js"
import { configFolder, pathOf } from "./paths.js"

export interface Profile {
  readonly api?: string
  readonly base_url?: string
  readonly client_id?: string
  /** How this profile logs in. */
  readonly login?: string
  /** The identity provider where a person signs in, and the parameters of the sign-in. */
  readonly issuer?: string
  readonly audience?: string
  readonly organization?: string
  readonly zone?: string
  readonly group?: string
  readonly token_store?: string
}

export interface Config {
  readonly path: string
  /** The profile to use if none is named. */
  readonly profile: string | undefined
  readonly profiles: { readonly [name: string]: Profile }
}

const keys = [
  "api",
  "base_url",
  "client_id",
  "login",
  "issuer",
  "audience",
  "organization",
  "zone",
  "group",
  "token_store"
]

const configPath = (world: World): string => pathOf(world).join(configFolder(world), "config.toml")

export const readConfig = (world: World): Effect.Effect<Config, UsageError | LocalError> =>
  Effect.gen(function* () {
    const path = configPath(world)
    const text = yield* readText(path)
    if (text === undefined) return { path, profile: undefined, profiles: {} }
    // The parser is loaded only if there is a file.
    const { parse } = yield* Effect.promise(() => import("smol-toml"))
    const parsed = yield* Effect.try({
      try: () => parse(text),
      catch: (error) =>
        new UsageError(
          `${path} is not valid TOML: ${(error instanceof Error ? error.message : String(error)).split("\n")[0]}`,
          "Correct the file"
        )
    })
    return yield* check(path, parsed)
  })

/** The text of a file, or `undefined` if there is no such file. */
const readText = (path: string): Effect.Effect<string | undefined, LocalError> =>
  Effect.tryPromise({
    try: () => readFile(path, "utf8"),
    catch: (error) => error
  }).pipe(
    Effect.catchAll((error) =>
      codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR"
        ? Effect.succeed(undefined)
        : Effect.fail(
            new LocalError(`Could not read ${path}: ${codeOf(error)}`, "Check its rights")
          )
    )
  )

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error)

const check = (
  path: string,
  parsed: { readonly [key: string]: unknown }
): Effect.Effect<Config, UsageError> => {
  const { profile, profiles = {}, ...others } = parsed
  const [other] = Object.keys(others)
  if (other !== undefined) return unknownKey(path, other, ["profile", "profiles"])
  if (profile !== undefined && typeof profile !== "string") {
    return Effect.fail(
      new UsageError(`${path}: profile is not text`, "Write the name of a profile")
    )
  }
  if (typeof profiles !== "object" || profiles === null || Array.isArray(profiles)) {
    return Effect.fail(
      new UsageError(`${path}: profiles is not a table`, "Write [profiles.default] in a line")
    )
  }
  const read: { [name: string]: Profile } = {}
  for (const [name, fields] of Object.entries(profiles)) {
    if (typeof fields !== "object" || fields === null) {
      return Effect.fail(
        new UsageError(
          `${path}: profiles.${name} is not a table`,
          `Write [profiles.${name}] in a line`
        )
      )
    }
    for (const [key, value] of Object.entries(fields)) {
      if (/secret|token$|password/i.test(key)) {
        return Effect.fail(
          new UsageError(
            `${path} has ${key} in the profile ${name}, but secrets are not read from files`,
            "Remove it, and set INNERSPACE_CLIENT_SECRET"
          )
        )
      }
      if (!keys.includes(key)) return unknownKey(path, key, keys)
      if (typeof value !== "string" || value === "") {
        return Effect.fail(
          new UsageError(`${path}: ${key} of the profile ${name} is not text`, "Write it in quotes")
        )
      }
    }
    // The loop has checked that each field is a known key with a text.
    read[name] = fields as Profile
  }
  return Effect.succeed({ path, profile, profiles: read })
}

const unknownKey = (path: string, key: string, known: ReadonlyArray<string>) => {
  const near = nearest(key, known)
  return Effect.fail(
    new UsageError(
      `${path} has the unknown key ${key}`,
      near === undefined ? `The keys are ${known.join(", ")}` : `Did you mean ${near}?`
    )
  )
}

/** Replaces one profile. Other lines of the file, with their comments, stay as they are. */
export const writeProfile = (
  world: World,
  name: string,
  profile: Profile
): Effect.Effect<string, LocalError> =>
  Effect.gen(function* () {
    const path = configPath(world)
    const before = (yield* readText(path)) ?? ""
    const { stringify } = yield* Effect.promise(() => import("smol-toml"))
    const key = /^[\w-]+$/.test(name) ? name : JSON.stringify(name)
    const section = `[profiles.${key}]\n${stringify(profile)}`
    const lines = before.split("\n")
    const start = lines.findIndex((line) => line.trim() === `[profiles.${key}]`)
    const next = lines.findIndex((line, index) => index > start && /^\s*\[/.test(line))
    const after = start < 0 ? [] : next < 0 ? [] : ["", ...lines.slice(next)]
    const head = (start < 0 ? lines : lines.slice(0, start)).join("\n").trimEnd()
    const text = [head === "" ? section.trimEnd() : `${head}\n\n${section.trimEnd()}`, ...after]
      .join("\n")
      .trimEnd()
    yield* Effect.tryPromise({
      try: async () => {
        await mkdir(configFolder(world), { recursive: true, mode: 0o700 })
        await writeFile(`${path}.tmp`, `${text}\n`, { mode: 0o600 })
        await rename(`${path}.tmp`, path)
      },
      catch: (error) =>
        new LocalError(`Could not write ${path}: ${codeOf(error)}`, "Check its rights")
    })
    return path
  })

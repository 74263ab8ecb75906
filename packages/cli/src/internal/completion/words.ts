/** The words that a shell can complete, for a line up to the cursor. */
import { readdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import { commands, definitionOf } from "../definitions/commands.js"
import type { CommandDefinition, Completed, OptionDefinition } from "../definitions/definition.js"
import type { World } from "../frame/world.js"

export interface Word {
  readonly value: string
  readonly text: string
}

/**
 * Completes the last of the words after `innerspace`. It is the word at the cursor, and may be
 * empty.
 */
export const completions = async (
  world: World,
  words: ReadonlyArray<string>
): Promise<ReadonlyArray<Word>> => {
  const [name = "", ...rest] = words
  const current = words.at(-1) ?? ""
  const startsHere = ({ value }: Word) => value.startsWith(current)
  if (rest.length === 0) {
    return commands.map(({ name, summary }) => ({ value: name, text: summary })).filter(startsHere)
  }
  const found = commands.find((known) => known.name === name)
  if (found === undefined) return []
  const command = await definitionOf(found)
  const before = rest.at(-2)
  const option = command.options.find(({ flags }) => names(flags).includes(before ?? ""))
  const values =
    option !== undefined && takesValue(option)
      ? await valuesOf(world, command, rest, option.choices, option.completed, current)
      : current.startsWith("-")
        ? command.options.flatMap(({ flags, text }) =>
            names(flags)
              .filter((flag) => flag.startsWith("--"))
              .map((value) => ({ value, text }))
          )
        : await positional(world, command, rest, current)
  return values.filter(startsHere)
}

const names = (flags: string): ReadonlyArray<string> =>
  flags.split(/[ ,]+/).filter((word) => word.startsWith("-"))

const takesValue = ({ flags }: OptionDefinition): boolean => flags.includes("<")

/** The arguments of a line, without its options and their values. */
const argumentsOf = (
  command: CommandDefinition,
  words: ReadonlyArray<string>
): ReadonlyArray<string> =>
  words.filter((word, index) => {
    if (word.startsWith("-")) return false
    const option = command.options.find(({ flags }) =>
      names(flags).includes(words[index - 1] ?? "")
    )
    return option === undefined || !takesValue(option)
  })

const positional = (
  world: World,
  command: CommandDefinition,
  words: ReadonlyArray<string>,
  current: string
): Promise<ReadonlyArray<Word>> => {
  const index = argumentsOf(command, words.slice(0, -1)).length
  const argument = command.arguments?.[index]
  return argument === undefined
    ? Promise.resolve([])
    : valuesOf(world, command, words, argument.choices, argument.completed, current)
}

const valuesOf = async (
  world: World,
  command: CommandDefinition,
  words: ReadonlyArray<string>,
  choices: ReadonlyArray<string> | undefined,
  completed: Completed | undefined,
  current: string
): Promise<ReadonlyArray<Word>> => {
  if (choices !== undefined) return choices.map((value) => ({ value, text: "" }))
  switch (completed) {
    case "table":
      return (await tables(world, command, words)).map(({ name }) => ({ value: name, text: "" }))
    case "column":
    case "filter": {
      const [name] = argumentsOf(command, words.slice(0, -1))
      const [column = ""] = current.split("=")
      const found = (await tables(world, command, words)).filter(
        (table) => name === undefined || table.name === name
      )
      if (completed === "filter" && current.includes("=")) {
        return /^building_id$/i.test(column) ? await buildings(world, `${column}=`) : []
      }
      const columns = [...new Set(found.flatMap(({ columns }) => columns))]
      return columns.map((value) => ({
        value: completed === "filter" ? `${value}=` : value,
        text: ""
      }))
    }
    case "metric": {
      const { known } = await import("@innerspace-metrics/core/Metric")
      const isV1 = (await generationOf(world, command, words)) === "v1"
      return Object.values(known)
        .filter(({ name }) => (name === name.toLowerCase()) === isV1)
        .map(({ kind, name }) => ({ value: name, text: kind }))
    }
    case "building":
      return buildings(world, "")
    case "group":
      return [{ value: "everyone", text: "all people" }]
    case "file":
    case "folder":
      return files(world, current)
    default:
      return []
  }
}

/** The generation of the API that the command line, the environment or the profile names. */
const generationOf = async (
  world: World,
  { name }: CommandDefinition,
  words: ReadonlyArray<string>
): Promise<string> => {
  const valueOf = (flag: string) =>
    words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined
  const [Effect, { readSettings }] = await Promise.all([
    import("effect/Effect"),
    import("../settings/settings.js")
  ])
  const input = { args: [], options: { api: valueOf("--api"), profile: valueOf("--profile") } }
  // If the settings contain a mistake, completion uses v1. The command itself reports the mistake.
  return Effect.runPromise(
    Effect.match(readSettings(world, { ...input, command: { name } }), {
      onFailure: () => "v1",
      onSuccess: ({ api }) => api.value
    })
  )
}

const tables = async (world: World, command: CommandDefinition, words: ReadonlyArray<string>) => {
  const { catalog } =
    (await generationOf(world, command, words)) === "v1"
      ? await import("@innerspace-metrics/core/v1").then(({ catalog }) => ({ catalog }))
      : await import("@innerspace-metrics/core/v2").then(({ catalog }) => ({ catalog }))
  return [...catalog.tables.values()].map(({ byName, name }) => ({
    name,
    columns: [...byName.keys()]
  }))
}

/** The buildings that earlier commands have read. */
const buildings = async (world: World, prefix: string): Promise<ReadonlyArray<Word>> => {
  const { allRemembered } = await import("../client/places.js")
  return (await allRemembered(world)).map(({ id, name }) => ({
    value: `${prefix}${id}`,
    text: name ?? ""
  }))
}

const files = async (world: World, current: string): Promise<ReadonlyArray<Word>> => {
  const folder = current.endsWith("/") ? current : dirname(current)
  try {
    const entries = await readdir(join(world.workingDirectory, folder), { withFileTypes: true })
    return entries.map((entry) => {
      const path =
        folder === "." && !current.startsWith("./") ? entry.name : join(folder, entry.name)
      return { value: entry.isDirectory() ? `${path}/` : path, text: "" }
    })
  } catch {
    return []
  }
}

/** The command line for commander, made from the definitions. */
import { Argument, Command, type CommanderError, InvalidArgumentError, Option } from "commander"
import { allDefinitions, commands, definitionOf } from "../definitions/commands.js"
import type { CommandDefinition, OptionDefinition } from "../definitions/definition.js"
import type { OptionValue } from "../frame/command.js"
import { didYouMean, nearest } from "./nearest.js"

/** The parsed command line. */
export type Parsed =
  | { readonly _tag: "Text"; readonly text: string }
  | {
      readonly _tag: "Command"
      readonly command: CommandDefinition
      readonly args: ReadonlyArray<string>
      readonly options: { readonly [name: string]: OptionValue | undefined }
    }
  | { readonly _tag: "Usage"; readonly problem: string; readonly hint: string }

export interface HelpOptions {
  readonly width: number
  readonly version: () => string
}

/** Reads a command line. It loads commander and nothing else. */
export const parse = async (argv: ReadonlyArray<string>, help: HelpOptions): Promise<Parsed> => {
  let written = ""
  let found: Extract<Parsed, { _tag: "Command" }> | undefined
  let refused: Extract<Parsed, { _tag: "Usage" }> | undefined
  const choice =
    (what: string, choices: ReadonlyArray<string>, words: Words = {}) =>
    (value: string): string => {
      if (choices.includes(value)) return value
      const word = value.toLowerCase()
      const meant = Object.hasOwn(words, word) ? words[word] : undefined
      const hint = meant === undefined ? didYouMean(value, choices) : `Did you mean ${meant}?`
      refused = { _tag: "Usage", problem: `${what} is ${JSON.stringify(value)}`, hint }
      throw new InvalidArgumentError(hint)
    }
  const root = new Command("innerspace")
  const quiet = {
    writeOut: (text: string) => {
      written += text
    },
    // The error that commander throws contains the text that commander would print.
    writeErr: () => {},
    outputError: () => {},
    getOutHelpWidth: () => help.width
  }
  const prepare = (command: Command): Command =>
    command.configureOutput(quiet).exitOverride().helpOption("-h, --help", "print this text")
  prepare(root)
    // Without this, commander would read the options of `innerspace sandbox` as options of the
    // program. They are passed on to the sandbox.
    .enablePositionalOptions()
    .description("InnerSpace metrics on the terminal, as files, and as datasets kept up to date.")
    .version("", "-V, --version", "print the version")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", rootHelp)
  for (const summary of commands) {
    const command = prepare(root.command(summary.name)).summary(summary.summary)
    for (const { choices, isOptional, isRest, name, text } of summary.arguments ?? []) {
      const inner = `${name}${isRest === true ? "..." : ""}`
      const argument = new Argument(isOptional === true ? `[${inner}]` : `<${inner}>`, text)
      if (choices !== undefined) argument.argParser(choice(name, choices)).argChoices = [...choices]
      command.addArgument(argument)
    }
    // Only the command on the line is loaded completely, because loading the others takes time.
    if (!argv.includes(summary.name)) continue
    const definition = await definitionOf(summary)
    command.description(describe(definition)).addHelpText("after", examplesOf(definition))
    for (const option of definition.options) command.addOption(toOption(option, choice))
    if (definition.arguments?.some(({ isRest }) => isRest === true)) {
      command.helpOption(false).allowUnknownOption().passThroughOptions()
    }
    command.action(() => {
      found = {
        _tag: "Command",
        command: definition,
        // commander puts the remaining arguments into a nested list.
        args: command.processedArgs.flat().filter((arg): arg is string => typeof arg === "string"),
        options: command.opts()
      }
    })
  }
  try {
    root.parse(argv, { from: "user" })
  } catch (error) {
    if (refused !== undefined) return refused
    if (!isCommanderError(error)) throw error
    return error.code === "commander.version"
      ? { _tag: "Text", text: `innerspace ${help.version()}\n` }
      : readError(error, argv, written)
  }
  return found ?? { _tag: "Text", text: written }
}

const isCommanderError = (error: unknown): error is CommanderError =>
  error instanceof Error && "code" in error && String(error.code).startsWith("commander.")

const readError = async (
  error: CommanderError,
  argv: ReadonlyArray<string>,
  written: string
): Promise<Parsed> => {
  if (error.exitCode === 0) return { _tag: "Text", text: written }
  const [name = ""] = argv
  const named = commands.find((command) => command.name === name)
  const definition = named === undefined ? undefined : await definitionOf(named)
  const seeHelp = `See innerspace ${definition === undefined ? "" : `${definition.name} `}--help`
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n")
  const suggestion = /\(Did you mean (?:one of )?(.*)\?\)/.exec(rest.join(" "))?.[1]
  switch (error.code) {
    case "commander.help":
      return { _tag: "Usage", problem: "The command is missing", hint: "See innerspace --help" }
    case "commander.unknownCommand": {
      const given = /'(.*)'/.exec(first)?.[1] ?? name
      const names = commands.map((command) => command.name)
      return {
        _tag: "Usage",
        problem: `There is no command ${given}`,
        hint: didYouMean(given, names, "innerspace ")
      }
    }
    case "commander.unknownOption": {
      const given = /'(.*)'/.exec(first)?.[1] ?? ""
      const [flag = given] = given.split("=")
      if (
        definition === undefined &&
        (await allDefinitions()).some((command) => longNames(command).includes(flag))
      ) {
        return {
          _tag: "Usage",
          problem: `${flag} is in front of the command`,
          hint: `Options come after the command: innerspace query ${flag}`
        }
      }
      const near =
        suggestion?.split(", ")[0] ??
        (definition === undefined ? undefined : nearest(flag, longNames(definition)))
      return {
        _tag: "Usage",
        problem: `There is no option ${flag}`,
        hint:
          near === undefined ? `${await optionOfOthers(flag)}${seeHelp}` : `Did you mean ${near}?`
      }
    }
    default:
      return { _tag: "Usage", problem: capital(first.replaceAll("'", "")), hint: seeHelp }
  }
}

/** Returns the beginning of a hint, which names the other commands that have the option. */
const optionOfOthers = async (flag: string): Promise<string> => {
  const others = (await allDefinitions()).filter((command) => longNames(command).includes(flag))
  return others.length === 0
    ? ""
    : `${flag} is an option of innerspace ${others.map(({ name }) => name).join(", ")}. `
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The options of a command, such as `--select`. */
const longNames = ({ options }: CommandDefinition): ReadonlyArray<string> =>
  options.map(({ flags }) => longName(flags)).concat("--help")

type Words = { readonly [word: string]: string }

type Choice = (
  what: string,
  choices: ReadonlyArray<string>,
  words?: Words
) => (value: string) => string

const toOption = (definition: OptionDefinition, choice: Choice): Option => {
  const option = new Option(definition.flags, definition.text)
  const { choices, flags, isRepeatable, words } = definition
  if (choices !== undefined) option.argChoices = [...choices]
  if (choices === undefined && isRepeatable !== true) return option
  const read =
    choices === undefined ? (value: string) => value : choice(longName(flags), choices, words)
  return option.argParser((value: string, before: unknown) =>
    isRepeatable === true ? [...(Array.isArray(before) ? before : []), read(value)] : read(value)
  )
}

/** The long name of an option, such as `--format` of `-f, --format <format>`. */
const longName = (flags: string): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags

const describe = ({ summary, text }: CommandDefinition): string =>
  `${capital(summary)}.${text === undefined ? "" : `\n\n${text}`}`

const examplesOf = ({ examples }: CommandDefinition): string =>
  examples.length === 0
    ? ""
    : `\nExamples:\n${examples.map(({ line, text }) => `  # ${text}\n  ${line}`).join("\n")}`

const rootHelp = `
Exit codes:
  0 done   1 failed   2 wrong usage   3 done, but incomplete
  4 login required or refused   5 try again later   130 interrupted

Examples:
  # From nothing to a number
  innerspace login --api v2
  innerspace places
  innerspace query building_insights --api v2 --building 71 --metric occupancy_mean --granularity P1D --range last-7-days
  # A month of all zones of a building as a Parquet file
  innerspace export zone_insights march.parquet --api v2 --building 71 --metric occupancy_mean --granularity PT1H --range 2024-03
  # A folder of Parquet files, described once and brought up to date every night
  innerspace sync zones --api v2 --table zone_insights --building 71 --granularity PT1H --metric occupancy_mean --from last-month
  innerspace sync zones --fail-on restated
  # Why does it not work?
  innerspace doctor

innerspace tables shows the columns of a table, and innerspace metrics shows what a metric means. Buildings, floors and zones have names and time zones in v2.
All options of a command, with a line for cron: innerspace sync --help`

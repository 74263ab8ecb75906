/** The man page, made from the same definitions as `--help`. */
import { allDefinitions } from "../definitions/commands.js"
import type { CommandDefinition } from "../definitions/definition.js"

/** Returns the man page, written in the macros of man(7). */
export const manPage = async (version: string): Promise<string> =>
  [
    `.TH INNERSPACE 1 "" "innerspace ${version}" "User Commands"`,
    ".SH NAME",
    "innerspace \\- InnerSpace metrics on the terminal, as files, and as datasets kept up to date",
    ".SH SYNOPSIS",
    ".B innerspace",
    ".I command",
    "[options]",
    ".SH COMMANDS",
    ...(await allDefinitions()).flatMap(commandLines),
    ".SH EXIT STATUS",
    ...exitCodes.flatMap(([code, text]) => [".TP", `.B ${code}`, text]),
    ".SH ENVIRONMENT",
    ...environment.flatMap(([name, text]) => [".TP", `.B ${name}`, escaped(text)]),
    ""
  ].join("\n")

const commandLines = (command: CommandDefinition): ReadonlyArray<string> => [
  `.SS "innerspace ${command.name}${(command.arguments ?? []).map(({ isOptional, name }) => (isOptional === true ? ` [${name}]` : ` <${name}>`)).join("")}"`,
  escaped(`${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`),
  ...(command.text === undefined ? [] : [".PP", escaped(command.text)]),
  ...(command.arguments ?? []).flatMap(({ choices, name, text }) => [
    ".TP",
    `.I ${escaped(name)}`,
    escaped(choices === undefined ? text : `${text}: ${choices.join(", ")}`)
  ]),
  ...command.options.flatMap(({ choices, flags, text }) => [
    ".TP",
    `.B ${escaped(flags)}`,
    escaped(choices === undefined ? text : `${text}: ${choices.join(", ")}`)
  ]),
  ...command.examples.flatMap(({ line, text }) => [
    ".PP",
    escaped(`${text}:`),
    ".PP",
    ".nf",
    escaped(line),
    ".fi"
  ])
]

/**
 * Escapes the characters that have a meaning in roff: a backslash, a hyphen, and a dot or a quote
 * at the start of a line.
 */
const escaped = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/gm, "\\&$1")

const exitCodes = [
  ["0", "done"],
  ["1", "failed"],
  ["2", "wrong usage"],
  ["3", "done, but incomplete; the output names what is missing"],
  ["4", "login required or refused"],
  ["5", "try again later"],
  ["130", "interrupted; run it again: only sync continues, the other commands start again"]
] as const

const environment = [
  ["INNERSPACE_CLIENT_ID, INNERSPACE_CLIENT_SECRET", "credentials"],
  ["INNERSPACE_API, INNERSPACE_BASE_URL", "generation and address of the API"],
  ["INNERSPACE_PROFILE", "profile of config.toml"],
  ["INNERSPACE_ZONE, INNERSPACE_GROUP", "time zone and group of people"],
  ["INNERSPACE_TOKEN_STORE", "folder of tokens"],
  ["INNERSPACE_CONFIG_DIR", "folder of config.toml"],
  ["INNERSPACE_DEPRECATION_WARNING", "false hides the warning about a deprecated generation"],
  ["NO_COLOR", "any value turns colors off"],
  ["HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "proxies"]
] as const

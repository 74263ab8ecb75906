/**
 * All commands, in the order of `--help`. The details of a command are loaded when the command line
 * names it.
 */
import type { CommandDefinition, CommandSummary } from "./definition.js"

const table = { name: "table", text: "a table, see innerspace tables", completed: "table" } as const

const dataset = {
  name: "dataset",
  text: "a folder, or a DuckDB database that ends in .duckdb",
  completed: "folder"
} as const

export const commands: ReadonlyArray<CommandSummary> = [
  {
    name: "login",
    summary: "check credentials, keep the token, and write the profile",
    details: async () => (await import("./account.js")).login
  },
  {
    name: "logout",
    summary: "remove the token of a profile",
    details: async () => (await import("./account.js")).logout
  },
  {
    name: "whoami",
    summary: "who is logged in, where the token is kept, and until when it is valid",
    details: async () => (await import("./account.js")).whoami
  },
  {
    name: "tables",
    summary: "tables that can be queried, or the columns of one",
    arguments: [
      { name: "table", text: "a table, to show its columns", isOptional: true, completed: "table" }
    ],
    details: async () => (await import("./look.js")).tables
  },
  {
    name: "metrics",
    summary: "what each metric means, and how its values combine",
    arguments: [
      { name: "metric", text: "a metric, to show all of it", isOptional: true, completed: "metric" }
    ],
    details: async () => (await import("./look.js")).metrics
  },
  {
    name: "places",
    summary: "buildings, floors and zones, with time zone and capacity",
    arguments: [
      {
        name: "building",
        text: "a building id, to show its floors and zones",
        isOptional: true,
        completed: "building"
      }
    ],
    details: async () => (await import("./look.js")).places
  },
  {
    name: "query",
    summary: "rows of one table, as a table, a plot or a heat map, or in a file format",
    arguments: [table],
    details: async () => (await import("./ask.js")).query
  },
  {
    name: "export",
    summary: "all rows of a range as one file: CSV, NDJSON, Parquet, Arrow or DuckDB",
    arguments: [table, { name: "file", text: "the file to write", completed: "file" }],
    details: async () => (await import("./ask.js")).exported
  },
  {
    name: "sync",
    summary: "create a dataset, or bring it up to date, and report what has changed",
    arguments: [dataset],
    details: async () => (await import("./keep.js")).sync
  },
  {
    name: "plan",
    summary: "what a sync would read now, and why, as tasks",
    arguments: [dataset],
    details: async () => (await import("./keep.js")).plan
  },
  {
    name: "verify",
    summary: "compare the files of a dataset with its manifest, and some with the API",
    arguments: [dataset],
    details: async () => (await import("./keep.js")).verify
  },
  {
    name: "unlock",
    summary: "remove the lock of a sync that was killed",
    arguments: [dataset],
    details: async () => (await import("./keep.js")).unlock
  },
  {
    name: "schema",
    summary: "the server's schema: pull it, compare it with the catalogue, or generate tables",
    arguments: [
      { name: "action", text: "what to do", choices: ["pull", "diff", "generate"] },
      {
        name: "file",
        text: "where to write the result, by default stdout",
        isOptional: true,
        completed: "file"
      }
    ],
    details: async () => (await import("./tools.js")).schema
  },
  {
    name: "doctor",
    summary: "check that everything behaves as this program assumes",
    arguments: [],
    details: async () => (await import("./tools.js")).doctor
  },
  {
    name: "sandbox",
    summary: "run the API on localhost, with example data",
    arguments: [
      { name: "options", text: "options of innerspace-sandbox", isOptional: true, isRest: true }
    ],
    details: async () => (await import("./tools.js")).sandbox
  },
  {
    name: "completion",
    summary: "print the completions for a shell, or the man page",
    arguments: [
      {
        name: "shell",
        text: "bash, zsh, fish, powershell, or man for the man page",
        choices: ["bash", "zsh", "fish", "powershell", "man"]
      }
    ],
    details: async () => (await import("./tools.js")).completion
  }
]

export const definitionOf = async (command: CommandSummary): Promise<CommandDefinition> => ({
  ...command,
  ...(await command.details())
})

/** All commands with their details, for code that needs every option. */
export const allDefinitions = (): Promise<ReadonlyArray<CommandDefinition>> =>
  Promise.all(commands.map(definitionOf))

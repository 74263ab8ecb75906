/** The options of all other commands. */
import type { CommandDetails } from "./definition.js"
import { common, settings } from "./options.js"

export const schema: CommandDetails = {
  text: "pull prints the introspection as JSON. diff lists what differs from the catalogue and ends with exit code 3 if anything does. generate prints a TypeScript module with a typed table for each table of the server.",
  options: [
    {
      flags: "--from <file>",
      text: "read the schema from a file that pull has written",
      completed: "file"
    },
    ...settings,
    ...common
  ],
  examples: [
    { text: "Keep the schema", line: "innerspace schema pull schema.json" },
    { text: "What differs from the catalogue", line: "innerspace schema diff" },
    { text: "Typed tables", line: "innerspace schema generate tables.ts" }
  ]
}

export const doctor: CommandDetails = {
  text: "One line for each check: ok, differs or unknown, with the next step. --json prints a report without secrets that can be sent to the maintainers. Exit code 3 means that something differs.",
  options: [
    {
      flags: "--only <check>",
      text: "run only the checks whose id begins with this text, such as schema; may be repeated",
      isRepeatable: true
    },
    ...settings,
    ...common
  ],
  examples: [
    { text: "Check everything", line: "innerspace doctor" },
    { text: "A report to send", line: "innerspace doctor --json" }
  ]
}

export const sandbox: CommandDetails = {
  text: "Starts @innerspace-metrics/sandbox with the given options. If it is not installed, npx offers to install it.",
  options: [],
  examples: [{ text: "Show its options", line: "innerspace sandbox --help" }]
}

export const completion: CommandDetails = {
  options: [...common],
  examples: [
    { text: "bash: load them now", line: 'eval "$(innerspace completion bash)"' },
    { text: "The man page", line: "innerspace completion man" }
  ]
}

/** All other commands. */
import type { CommandDefinition } from "./definition.js"
import { common, settings } from "./options.js"

export const tools: ReadonlyArray<CommandDefinition> = [
  {
    name: "schema",
    summary: "the server's schema: pull it, compare it with the catalogue, or generate tables",
    details:
      "pull prints the introspection as JSON. diff lists what differs from the catalogue and ends with exit code 3 if anything does. generate prints a TypeScript module with a typed table for each table of the server.",
    arguments: [
      { name: "action", text: "what to do", choices: ["pull", "diff", "generate"] },
      {
        name: "file",
        text: "where to write the result, by default stdout",
        isOptional: true,
        completed: "file"
      }
    ],
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
  },
  {
    name: "doctor",
    summary: "check that everything behaves as this program assumes",
    details:
      "One line for each check: ok, differs or unknown, with the next step. --json prints a report without secrets that can be sent to the maintainers. Exit code 3 means that something differs.",
    arguments: [],
    options: [
      {
        flags: "--only <check>",
        text: "run only checks whose id begins so, such as schema; may be repeated",
        isRepeatable: true
      },
      ...settings,
      ...common
    ],
    examples: [
      { text: "Check everything", line: "innerspace doctor" },
      { text: "A report to send", line: "innerspace doctor --json" }
    ]
  },
  {
    name: "sandbox",
    summary: "run the API on localhost, with example data",
    details:
      "Starts @innerspace-metrics/sandbox with the given options. If it is not installed, npx offers to install it.",
    arguments: [
      { name: "options", text: "options of innerspace-sandbox", isOptional: true, isRest: true }
    ],
    options: [],
    examples: [{ text: "Show its options", line: "innerspace sandbox --help" }]
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
    options: [...common],
    examples: [
      { text: "bash: load them now", line: 'eval "$(innerspace completion bash)"' },
      { text: "The man page", line: "innerspace completion man" }
    ]
  }
]

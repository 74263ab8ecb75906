/** Commands of logins. */
import type { CommandDefinition } from "./definition.js"
import { common, settings } from "./options.js"

export const account: ReadonlyArray<CommandDefinition> = [
  {
    name: "login",
    summary: "check credentials, keep the token, and write the profile",
    details:
      "The client secret is read from INNERSPACE_CLIENT_SECRET, from stdin with --secret-stdin, or from a prompt. It is not kept: the token is, until it expires. For cron, set INNERSPACE_CLIENT_SECRET.",
    options: [
      { flags: "--secret-stdin", text: "read the client secret from stdin" },
      ...settings,
      { flags: "--zone <zone>", text: "time zone to keep in the profile" },
      { flags: "--group <group>", text: "group of people to keep in the profile" },
      ...common
    ],
    examples: [
      { text: "Ask for the id and the secret", line: "innerspace login" },
      {
        text: "In a script",
        line: "innerspace login --client-id my-backend --secret-stdin < secret.txt"
      }
    ]
  },
  {
    name: "logout",
    summary: "remove the token of a profile",
    options: [...settings, ...common],
    examples: [{ text: "Remove the token", line: "innerspace logout" }]
  },
  {
    name: "whoami",
    summary: "who is logged in, where the token is kept, and until when it is valid",
    options: [...settings, ...common],
    examples: [{ text: "Show the login", line: "innerspace whoami" }]
  }
]

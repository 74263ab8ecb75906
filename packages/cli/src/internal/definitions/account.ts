/** Commands of logins. */
import type { CommandDetails } from "./definition.js"
import { common, settings } from "./options.js"

export const login: CommandDetails = {
  text: "The client secret is read from INNERSPACE_CLIENT_SECRET, from stdin with --secret-stdin, or from a prompt. It is not kept: the token is, until it expires. For cron, set INNERSPACE_CLIENT_SECRET.",
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
}

export const logout: CommandDetails = {
  options: [...settings, ...common],
  examples: [{ text: "Remove the token", line: "innerspace logout" }]
}

export const whoami: CommandDetails = {
  options: [...settings, ...common],
  examples: [{ text: "Show the login", line: "innerspace whoami" }]
}

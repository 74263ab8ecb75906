/** The options of commands for logins. */
import type { CommandDetails } from "./definition.js"
import { common, settings } from "./options.js"

export const login: CommandDetails = {
  text: "A backend logs in with client credentials. The client secret is read from INNERSPACE_CLIENT_SECRET, from stdin with --secret-stdin, or from a prompt. The secret is not kept, but the token is kept until it expires. For cron, set INNERSPACE_CLIENT_SECRET. A person signs in with --login device or --login browser. Their tokens are kept and renewed until innerspace logout.",
  options: [
    {
      flags: "--login <how>",
      text: "client-credentials for a backend; device for a person with a browser on any device; browser for a person with a browser on this machine (INNERSPACE_LOGIN)",
      choices: ["client-credentials", "device", "browser"]
    },
    {
      flags: "--issuer <url>",
      text: "identity provider where a person signs in, such as https://my-team.eu.auth0.com (INNERSPACE_ISSUER)"
    },
    {
      flags: "--audience <url>",
      text: "the API that a person's tokens are for, if it is not the generation's default (INNERSPACE_AUDIENCE)"
    },
    {
      flags: "--organization <id>",
      text: "the person's organization in Auth0 (INNERSPACE_ORGANIZATION)"
    },
    { flags: "--secret-stdin", text: "read the client secret from stdin" },
    ...settings,
    { flags: "--zone <zone>", text: "time zone to keep in the profile" },
    { flags: "--group <group>", text: "group of people to keep in the profile" },
    ...common
  ],
  examples: [
    { text: "Ask for the id and the secret", line: "innerspace login --api v2" },
    {
      text: "Sign in as a person, with a code",
      line: "innerspace login --login device --issuer https://my-team.eu.auth0.com --client-id my-command-line --api v2"
    },
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

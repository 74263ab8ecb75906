/** The next steps after the first sync: the command line for later syncs, and the line for cron. */
import { dirname } from "node:path"
import process from "node:process"
import * as Effect from "effect/Effect"
import type { Input } from "../frame/command.js"
import { writeTo } from "../frame/output.js"
import { flag } from "../frame/read.js"
import { shellWord } from "../frame/shell.js"
import type { World } from "../frame/world.js"
import type { Settings } from "../settings/settings.js"
import type { Described } from "./definition.js"

/**
 * The command that brings the dataset up to date. It has the options that neither `DATASET.toml`
 * nor `config.toml` contains.
 */
export const lineOf = ({ name, settings }: Pick<Described, "name" | "settings">): string =>
  [
    "innerspace sync",
    shellWord(name),
    ...given(settings, "--").map(([flag, value = ""]) => `${flag} ${shellWord(value)}`)
  ].join(" ")

/**
 * The settings that were given as options (`--`) or as environment variables (`INNERSPACE_`). The
 * generation of the API is left out, because `DATASET.toml` contains it.
 */
const given = (
  { baseUrl, clientId, profile }: Settings,
  prefix: "--" | "INNERSPACE_"
): ReadonlyArray<readonly [from: string, value: string | undefined]> =>
  [profile, baseUrl, clientId]
    .filter(({ from }) => from.startsWith(prefix))
    .map(({ from, value }) => [from, value])

/** Prints the next steps after the first sync, if stderr is a terminal. */
export const showNextStep = (
  world: World,
  input: Input,
  described: Described
): Effect.Effect<void> => {
  const { isNew, name, settings } = described
  const { platform, stderr, workingDirectory } = world
  if (!isNew || stderr.isTTY !== true || flag(input, "quiet")) {
    return Effect.void
  }
  const line = lineOf(described)
  const report = shellWord(`${name}.txt`)
  const nightly = `cd ${shellWord(workingDirectory)} && ${line} --fail-on restated > ${report} || cat ${report}`
  // cron does not have the variables of this shell, and its PATH is short. So the crontab sets the
  // variables and PATH.
  const cron = [
    "To sync every night, with a mail if values were restated or the sync failed, run crontab -e and add",
    `PATH=${[...new Set([dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"])].join(":")}`,
    ...given(settings, "INNERSPACE_").map(([name, value]) => `${name}=${value}`),
    ...(settings.login.value === "client-credentials"
      ? ["INNERSPACE_CLIENT_SECRET=the client secret"]
      : []),
    // cron ends a command at a percent sign, so each percent sign is escaped.
    `0 9 * * * ${nightly.replaceAll("%", "\\%")}`
  ]
  return Effect.ignore(
    writeTo(stderr, `To sync again: ${line}\n${platform === "win32" ? "" : `${cron.join("\n")}\n`}`)
  )
}

/** Reads what the demo prints. */
import { assert } from "@effect/vitest"
import type { Run } from "./runDemo.js"

/**
 * The time limit of a test. A process with a sandbox starts in seconds, but takes much longer on a
 * busy machine.
 */
export const timeout = 600_000

/** Returns the lines between a heading and the next heading. */
export const sectionOf = (run: Run, title: string): string => {
  const [, rest] = run.stdout.split(`\n${title}\n${"─".repeat(title.length)}\n`)
  assert.isDefined(rest, `no section "${title}" in:\n${run.stdout}${run.stderr}`)
  return rest.split(/\n\n.*\n─+\n/)[0] ?? ""
}

/** Returns the number of token requests twice: as counted by the client, and by the sandbox. */
export const tokenRequestsIn = (section: string): ReadonlyArray<string | undefined> => [
  /the client \(innerspace\.client\.token\.requests\) +│ +(\d+)/.exec(section)?.[1],
  /the sandbox, as received +│ +(\d+)/.exec(section)?.[1]
]

/** Names of options that no layer has: JavaScript lets a slip of the pen through. */
import { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Either from "effect/Either"

export const client = [
  "api",
  "retry",
  "timeout",
  "maxBodySize",
  "concurrency",
  "rateLimit",
  "traceHeaders",
  "merge"
]

export const login = ["clientId", "clientSecret", "api", "tokenStore"]

export const token = ["renewBefore", "waitBefore", "timeout", "retry"]

const retry = ["attempts", "baseDelay", "maxDelay", "budget", "deadline"]

const within: { readonly [name: string]: ReadonlyArray<string> } = {
  retry,
  "token.retry": retry,
  rateLimit: ["limit", "interval"],
  merge: ["maxQueries", "maxSize"],
  token
}

/** Fails for the first name that is not known, with the known one that is nearest to it. */
export const checkNames = (
  given: object,
  known: ReadonlyArray<string>,
  path = ""
): Either.Either<void, ConfigurationError> => {
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) return Either.left(unknownName(path, name, known))
    const fields = within[path + name]
    if (fields === undefined || typeof value !== "object" || value === null) continue
    const checked = checkNames(value, fields, `${path}${name}.`)
    if (Either.isLeft(checked)) return checked
  }
  return Either.void
}

const unknownName = (path: string, name: string, known: ReadonlyArray<string>) => {
  const [nearest] = known
    .map((one) => ({ one, distance: distance(one.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance, one }) => distance <= Math.max(one.length, name.length) / 2)
    .sort((a, b) => a.distance - b.distance)
  return new ConfigurationError({
    reason: "InvalidOption",
    problem: `There is no option ${JSON.stringify((path + name).slice(0, 60))}`,
    hint:
      nearest === undefined
        ? `Use one of ${known.map((one) => path + one).join(", ")}`
        : `Use ${path}${nearest.one}`
  })
}

/** How many letters to add, leave out or change (Levenshtein). Of a long name, the beginning decides. */
const distance = (a: string, long: string): number => {
  const b = long.slice(0, 40)
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(b).entries()) {
      next.push(
        Math.min(
          (row[j] ?? 0) + (letter === other ? 0 : 1),
          (row[j + 1] ?? 0) + 1,
          (next[j] ?? 0) + 1
        )
      )
    }
    row = next
  }
  return row[b.length] ?? 0
}

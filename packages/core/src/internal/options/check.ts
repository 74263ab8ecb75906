/** Checks options, because JavaScript and configuration can pass anything. */
import * as Either from "effect/Either"
import { formOf } from "#optionForms"
import { isRecord } from "../../JsonValue.js"
import { ConfigurationError } from "../../MetricsError.js"
import { unknownName } from "../nearestName.js"
import { shorten } from "../shorten.js"
import * as is from "./kinds.js"

/**
 * The kind of an option: a test of its value, and words that describe a valid value. The kind of an
 * option that is an object also has the kinds of its fields.
 */
export type Kind =
  | ((value: unknown) => boolean)
  | readonly [fits: (value: unknown) => boolean, form?: string | undefined, fields?: Kinds]

/** All options by name. An option whose name ends with "?" is optional. */
export interface Kinds {
  readonly [name: string]: Kind
}

/** What is wrong with an option. */
export interface Misfit {
  readonly problem: string
  readonly hint: string
}

/** Finds the first unknown name or invalid value. */
export const misfit = (kinds: Kinds, given: unknown, path = ""): Misfit | undefined => {
  if (!isRecord(given)) return misfitOf("The options argument", given, true, "an object")
  const names = Object.keys(kinds).map((key) => key.replace("?", ""))
  // A value whose fields have no kinds, such as a store, may have any fields.
  const unknown = names.length > 0 ? unknownName(given, names, path) : undefined
  if (unknown !== undefined) {
    return { problem: `Unknown option ${unknown.name}`, hint: unknown.hint }
  }
  for (const [key, kind] of Object.entries(kinds)) {
    const [fits, form, fields] = typeof kind === "function" ? [kind] : kind
    const name = key.replace("?", "")
    const value = given[name]
    if (value === undefined && name !== key) continue
    const found = fits(value)
      ? fields !== undefined && isRecord(value)
        ? misfit(fields, value, `${path}${name}.`)
        : undefined
      : misfitOf(path + name, value, fields !== undefined, form ?? formOf(fits))
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Describes an invalid value. If an object or a function is expected, the value may be a secret, so
 * only its type is shown.
 */
const misfitOf = (name: string, value: unknown, isSecret: boolean, form: string): Misfit => ({
  problem: `${name} is ${
    isSecret && value !== undefined && value !== null ? `of type ${typeof value}` : shorten(value)
  }`,
  hint: `Pass ${form}`
})

/** Checks the options of a layer with `misfit`. */
export const checkOptions = (
  kinds: Kinds,
  given: unknown
): Either.Either<void, ConfigurationError> => {
  const found = misfit(kinds, given)
  return found === undefined
    ? Either.void
    : Either.left(new ConfigurationError({ reason: "InvalidOption", ...found }))
}

/** `RetryPolicy.make` accepts any fields; they are checked where the policy is used. */
const retry: Kind = [
  isRecord,
  "what RetryPolicy.make returns",
  {
    attempts: is.isCount,
    baseDelay: is.isDuration,
    maxDelay: is.isDuration,
    budget: is.isZeroOrAbove,
    deadline: is.isDurationAboveZero
  }
]

/** Options of a call. The promise client checks the signal. */
export const call: Kinds = { "retry?": retry, "operationName?": is.isText, "signal?": is.isAny }

/** Options of a `MetricsClient`. */
export const client: Kinds = {
  "api?": is.isAny,
  "baseUrl?": is.isText,
  "retry?": retry,
  "timeout?": is.isDurationAboveZero,
  "maxBodySize?": is.isAboveZero,
  "concurrency?": is.isCount,
  "rateLimit?": [isRecord, undefined, { limit: is.isCount, interval: is.isInterval }],
  "traceHeaders?": is.isFlag,
  "merge?": [is.isLimits, undefined, { "maxQueries?": is.isCount, "maxSize?": is.isAboveZero }]
}

/** Options for the renewal of a token. */
export const cached: Kinds = {
  "renewBefore?": is.isDuration,
  "waitBefore?": is.isDuration,
  "timeout?": is.isDurationAboveZero,
  "retry?": retry
}

/** The header of a token. */
export const credential: Kind = [
  isRecord,
  undefined,
  { name: is.isHeaderText, "scheme?": is.isHeaderText }
]

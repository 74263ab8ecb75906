/**
 * Checks the options of layers and calls, because JavaScript and configuration can pass any value.
 */
import * as Either from "effect/Either"
import { formOf } from "#optionForms"
import { isRecord } from "../../JsonValue.js"
import { ConfigurationError } from "../../MetricsError.js"
import { unknownName } from "../nearestName.js"
import { shorten } from "../shorten.js"
import * as is from "./kinds.js"

/**
 * The kind of an option: a test of the option's value, and a text that describes a valid value. If
 * the option is an object, its kind also has the kinds of the object's fields.
 */
export type Kind =
  | ((value: unknown) => boolean)
  | readonly [fits: (value: unknown) => boolean, form?: string | undefined, fields?: Kinds]

/**
 * The kinds of options, by the name of the option. An option whose name ends with "?" is optional.
 */
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
  // If there are no kinds for the fields of a value, such as a store, the value may have any
  // fields.
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

/** Describes an invalid value. If `isSecret` is true, only the type of the value is shown. */
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

/**
 * The kind of a retry policy. `RetryPolicy.make` does not check the fields of a policy, so this
 * kind checks them.
 */
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

/** Options of a call. The promise client checks the option `signal` itself. */
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

/** The kind of the field `credential` of an `Api`: the header that carries the token. */
export const credential: Kind = [
  isRecord,
  undefined,
  { name: is.isHeaderText, "scheme?": is.isHeaderText }
]

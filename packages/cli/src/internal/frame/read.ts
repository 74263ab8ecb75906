/** Values of options, for commands. */
import * as Effect from "effect/Effect"
import type { Input } from "./command.js"
import { UsageError } from "./failure.js"

export const text = ({ options }: Pick<Input, "options">, name: string): string | undefined => {
  const value = options[name]
  return typeof value === "string" ? value : undefined
}

export const flag = ({ options }: Input, name: string): boolean => options[name] === true

export const list = ({ options }: Input, name: string): ReadonlyArray<string> => {
  const value = options[name]
  return Array.isArray(value) ? value : typeof value === "string" ? [value] : []
}

/** All values of an option. One value may contain several values, separated by commas. */
export const commaList = (input: Input, name: string): ReadonlyArray<string> =>
  list(input, name)
    .flatMap((value) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "")

/** A whole number of at least `least`. `flags` is the option as the person writes it. */
export const count = (
  input: Input,
  name: string,
  flags: string,
  least = 1
): Effect.Effect<number | undefined, UsageError> => {
  const value = text(input, name)
  if (value === undefined) return Effect.succeed(undefined)
  return wholeNumber(value, flags, least)
}

export const wholeNumber = (
  value: string,
  flags: string,
  least = 1
): Effect.Effect<number, UsageError> => {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
  return number >= least
    ? Effect.succeed(number)
    : Effect.fail(
        new UsageError(
          `${flags} is ${JSON.stringify(value)}`,
          `Pass a whole number from ${least} on`
        )
      )
}

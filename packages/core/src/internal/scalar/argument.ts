/** The operators of a scalar and their arguments, as the builders of filters read them. */
import type * as Either from "effect/Either"
import type { JsonValue } from "../../JsonValue.js"

/**
 * The operators of a scalar by name. An operator has an argument, or the operators of another type.
 */
export interface Operators {
  readonly [name: string]: Argument | Casts
}

/** Hasura's `_cast`: operators of another type, which apply to the value after the cast. */
export interface Casts {
  readonly casts: { readonly [type: string]: Operators }
}

/** The argument of an operator. */
export interface Argument {
  /** Name of the argument's scalar, or for an array a type such as `[Int!]`. */
  readonly type: string
  /** Whether the argument is a list of that scalar. */
  readonly isList: boolean
  /**
   * Whether the scalar is an enum, whose values are strings in variables and names in documents.
   */
  readonly isEnum?: true
  /** Encodes a value as the JSON that is sent. On failure, Left describes the expected value. */
  readonly encode: (value: unknown) => Either.Either<JsonValue, string>
}

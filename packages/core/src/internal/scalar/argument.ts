/** The types of a scalar's operators and of their arguments. */
import type * as Either from "effect/Either"
import type { JsonValue } from "../../JsonValue.js"

/**
 * The operators of a scalar, by name. An operator has an argument. The operator `_cast` has the
 * operators of other types instead.
 */
export interface Operators {
  readonly [name: string]: Argument | Casts
}

/**
 * The operators of Hasura's `_cast`, by the name of the type to which a value is cast. These
 * operators apply to the value after the cast.
 */
export interface Casts {
  readonly casts: { readonly [type: string]: Operators }
}

/** The argument of an operator. */
export interface Argument {
  /**
   * The GraphQL type of the argument: the name of a scalar, or a type such as `[Int!]` for an array
   * column.
   */
  readonly type: string
  /** Whether the argument is a list of values of this type. */
  readonly isList: boolean
  /**
   * Whether the scalar is an enum. A value of an enum is a string in variables, and a name without
   * quotes in a document.
   */
  readonly isEnum?: true
  /** Encodes a value as the JSON that is sent. On failure, Left describes the expected value. */
  readonly encode: (value: unknown) => Either.Either<JsonValue, string>
}

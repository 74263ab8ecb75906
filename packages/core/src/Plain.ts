/**
 * Plain values: values of rows that `JSON.stringify` accepts and that code without Effect can use.
 *
 * The promise clients return plain values, and `Query.plain` makes a query return plain values.
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import type { JsonValue } from "./JsonValue.js"

/**
 * A `bigint` or `numeric` as a plain value. It is a `number` if a number can hold the value exactly
 * (for a `bigint`: a safe integer). Otherwise it is the decimal text. Nothing is rounded, so both
 * forms have the exact value that the server sent.
 *
 * `Number(value)` returns the nearest number. If the value is an integer, `BigInt(value)` returns
 * the exact integer.
 */
export type PlainNumber = number | `${number}`

/**
 * The plain form of a value, or of all values of a row, a list of rows, or an object:
 * `DateTime.Utc` becomes `Date`, `bigint` and `BigDecimal` become `PlainNumber`. JSON and all other
 * values stay as they are.
 *
 * An object with methods, such as an `Option` or an instance of a class, stays as it is.
 */
export type Plain<A> = unknown extends A
  ? A
  : A extends JsonValue
    ? A
    : A extends DateTime.Utc
      ? globalThis.Date
      : A extends bigint | BigDecimal.BigDecimal
        ? PlainNumber
        : A extends ReadonlyArray<unknown>
          ? { [K in keyof A]: Plain<A[K]> }
          : A extends object
            ? true extends HasMethod<A>
              ? A
              : { [K in keyof A]: Plain<A[K]> }
            : A

type HasMethod<A> = {
  [K in keyof A]: unknown extends A[K]
    ? never
    : A[K] extends (...args: never) => unknown
      ? true
      : never
}[keyof A]

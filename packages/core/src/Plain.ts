/**
 * Plain values: what rows hold for code without Effect, and what `JSON.stringify` takes.
 *
 * The promise clients return them, and `Query.plain` makes a query return them.
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import type { JsonValue } from "./JsonValue.js"

/**
 * A `bigint` or `numeric` as a plain value: a `number` where that holds all of the value (of a
 * `bigint`, a safe integer), otherwise the decimal text. Nothing is rounded, so either reads back
 * as the value that the server sent.
 *
 * `Number(value)` is the nearest number, `BigInt(value)` all of an integer.
 */
export type PlainNumber = number | `${number}`

/**
 * What becomes of a value, or of all values of a row, a list of rows, or an object: `DateTime.Utc`
 * becomes `Date`, `bigint` and
 * `BigDecimal` become `PlainNumber`, and everything else stays as it is. JSON stays as it is as
 * well.
 *
 * An object with methods, such as an `Option` or an instance of a class, is a value of its own, and
 * stays.
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

/**
 * Prints a section of the output: a heading, and then the content or the reason why there is no
 * content.
 */
import type { MetricsError } from "@innerspace-metrics/core/MetricsError"
import type { SeriesError } from "@innerspace-metrics/core/SeriesError"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Backend } from "./Backend.js"
import { styled } from "./style.js"

/** The API has no data for this section. */
export class NothingToShow extends Data.TaggedError("NothingToShow")<{
  readonly message: string
}> {}

/** The errors of a section. */
export type SectionError = MetricsError | SeriesError | NothingToShow

/**
 * Prints the heading, then runs the body.
 *
 * The tables and values of a customer's API are not public. With the real API, the section
 * therefore prints an error about an unexpected table or value, and the program continues. All
 * other errors end the program, and with the sandbox every error ends the program.
 */
export const section = <R>(
  title: string,
  body: Effect.Effect<void, SectionError, R>
): Effect.Effect<void, SectionError, R | Backend> =>
  Effect.gen(function* () {
    const { sandbox } = yield* Backend
    yield* Console.log(`\n${styled("bold", title)}\n${styled("dim", "─".repeat(title.length))}`)
    yield* Effect.catchIf(
      body,
      (error) => Option.isNone(sandbox) && isAboutContents(error),
      (error) => Console.log(`Not available from this API: ${error.message}`)
    )
  })

/** Fails with `NothingToShow` if there are no rows. */
export const atLeastOne = <Row, E, R>(
  rows: Effect.Effect<ReadonlyArray<Row>, E, R>
): Effect.Effect<ReadonlyArray<Row>, E | NothingToShow, R> =>
  Effect.filterOrFail(
    rows,
    (rows) => rows.length > 0,
    () => new NothingToShow({ message: "The response has no rows." })
  )

const isAboutContents = (error: SectionError): boolean => {
  switch (error._tag) {
    case "NothingToShow":
    case "DecodeError":
    case "SeriesError":
      return true
    case "GraphQLError":
      return error.reason === "Invalid" || error.reason === "PermissionDenied"
    default:
      return false
  }
}

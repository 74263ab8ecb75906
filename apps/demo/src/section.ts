/**
 * Sections of the output: a heading, what the section shows, and what it says where there is
 * nothing to show.
 */
import type { MetricsError } from "@innerspace-metrics/core/MetricsError"
import type { SeriesError } from "@innerspace-metrics/core/SeriesError"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Backend } from "./Backend.js"
import { styled } from "./style.js"

/** The API has nothing that this section could show. */
export class NothingToShow extends Data.TaggedError("NothingToShow")<{
  readonly message: string
}> {}

/** What ends a section. */
export type SectionError = MetricsError | SeriesError | NothingToShow

/**
 * Prints the heading, then runs the body.
 *
 * What a customer's API holds is not public, so there a table or a value that is not as expected is
 * said and the program goes on. Everywhere else, and always in the sandbox, it is a failure.
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
      (error) => Console.log(`Not to be had from this API: ${error.message}`)
    )
  })

/** The rows, or `NothingToShow` where there are none. */
export const atLeastOne = <Row, E, R>(
  rows: Effect.Effect<ReadonlyArray<Row>, E, R>
): Effect.Effect<ReadonlyArray<Row>, E | NothingToShow, R> =>
  Effect.filterOrFail(
    rows,
    (rows) => rows.length > 0,
    () => new NothingToShow({ message: "The answer has no rows." })
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

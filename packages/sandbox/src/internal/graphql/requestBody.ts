import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { GraphqlRequest } from "./compile.js"
import * as HasuraError from "./HasuraError.js"

/** The JSON of a request's body: one operation, or a list of them. */
export const parseBody = (body: string): Effect.Effect<unknown, HasuraError.HasuraError> =>
  Effect.try({
    try: (): unknown => JSON.parse(body),
    catch: () => HasuraError.make("invalid-json", "the body is not valid JSON")
  })

const RequestBody = Schema.Struct({
  query: Schema.String,
  operationName: Schema.optional(Schema.NullOr(Schema.String)),
  variables: Schema.optional(
    Schema.NullOr(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
  )
})

export const parseRequest = (
  input: unknown
): Effect.Effect<GraphqlRequest, HasuraError.HasuraError> =>
  Schema.decodeUnknown(RequestBody)(input).pipe(
    Effect.mapError(() =>
      typeof input === "object" && input !== null && !("query" in input)
        ? HasuraError.make("parse-failed", "the key 'query' was not present")
        : HasuraError.make(
            "parse-failed",
            "expected an object with a string 'query' and, if present, a string 'operationName' " +
              "and an object 'variables'"
          )
    ),
    Effect.map(({ query, operationName, variables }) => ({
      query,
      operationName: operationName ?? undefined,
      variables: variables ?? {}
    }))
  )

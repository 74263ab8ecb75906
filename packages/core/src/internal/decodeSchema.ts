import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import type { JsonValue } from "../JsonValue.js"
import { DecodeError } from "../MetricsError.js"
import { firstIssue } from "./schemaDecoder.js"

/** A decoder of the answer's `data` whose failure names the first place that does not fit. */
export const decodeSchema = <A, I>(
  schema: Schema.Schema<A, I>
): ((data: JsonValue) => Effect.Effect<A, DecodeError>) => {
  const decode = ParseResult.decodeUnknown(schema)
  return (data) =>
    Effect.mapError(decode(data), (issue) => {
      const { expected, found, path } = firstIssue(issue, data)
      return new DecodeError({
        reason: "SchemaMismatch",
        problem: `The answer's ${["data", ...path].join(".")} is ${found}, and the Schema says: ${expected}`,
        hint: "Mend the Schema, or the document that it describes",
        expected,
        found
      })
    })
}

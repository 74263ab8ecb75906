import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import type { JsonValue } from "../../JsonValue.js"
import { DecodeError } from "../../MetricsError.js"
import { showing } from "../redact/shownValues.js"
import { depthIssue, firstIssue, type SchemaIssue, thrownIssue } from "./schemaDecoder.js"

/**
 * Makes a decoder of the `data` of a response from a Schema. The error of the decoder names the
 * first place that does not match.
 */
export const decodeSchema = <A, I>(
  schema: Schema.Schema<A, I>
): ((data: JsonValue) => Effect.Effect<A, DecodeError>) => {
  const decode = ParseResult.decodeUnknown(schema)
  return (data) => {
    const tooDeep = depthIssue(data)
    return tooDeep === undefined
      ? Effect.suspend(() => decode(data)).pipe(
          Effect.mapError((issue) => firstIssue(issue, data)),
          Effect.catchAllDefect((cause) => Effect.fail(thrownIssue(cause, data))),
          Effect.mapError(mismatch)
        )
      : Effect.fail(mismatch(tooDeep))
  }
}

const mismatch = ({ expected, found, path, texts, wrong }: SchemaIssue): DecodeError =>
  showing(
    new DecodeError({
      reason: "SchemaMismatch",
      problem: `The response's data${path === "" ? "" : `.${path}`} is ${found}, but the Schema does not accept it: ${expected}`,
      hint: "Fix the Schema or the document so that they match",
      expected,
      found
    }),
    wrong,
    texts
  )

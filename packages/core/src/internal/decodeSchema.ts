import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { isRecord, type JsonValue } from "../JsonValue.js"
import { DecodeError } from "../MetricsError.js"
import { shorten } from "./shorten.js"

/** A decoder of the answer's `data` whose failure names the first place that does not fit. */
export const decodeSchema = <A, I>(
  schema: Schema.Schema<A, I>
): ((data: JsonValue) => Effect.Effect<A, DecodeError>) => {
  const decode = Schema.decodeUnknown(schema)
  return (data) =>
    Effect.mapError(decode(data), (error) => {
      const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
      const path = issue?.path ?? []
      const found = shorten(path.reduce<unknown>(child, data))
      return new DecodeError({
        reason: "SchemaMismatch",
        problem: `The answer's ${["data", ...path.map(String)].join(".")} is ${found}, and the Schema says: ${issue?.message}`,
        hint: "Mend the Schema, or the document that it describes",
        expected: issue?.message ?? "what the Schema says",
        found
      })
    })
}

const child = (parent: unknown, key: PropertyKey): unknown =>
  isRecord(parent) || Array.isArray(parent) ? Reflect.get(parent, key) : undefined

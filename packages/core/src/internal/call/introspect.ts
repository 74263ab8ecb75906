/** Fetches the schema of the server with GraphQL's introspection query. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { loadIntrospection } from "#loaders"
import { isJsonObject, type JsonObject, type JsonValue } from "../../JsonValue.js"
import { DecodeError, type TransportError } from "../../MetricsError.js"
import { showing } from "../redact/shownValues.js"
import { shorten } from "../shorten.js"
import type { Call } from "./call.js"
import { makeSharing } from "./share.js"

/**
 * The introspection query as a call. The call only checks that the response has an object
 * `__schema`.
 */
export const introspection: Effect.Effect<
  Call<JsonObject>,
  TransportError
> = /* @__PURE__ */ Effect.map(loadIntrospection, ({ document }) => ({
  operationName: "IntrospectionQuery",
  document,
  variables: {},
  decode: (data) => readSchema(data)
}))

const readSchema = (data: JsonValue): Either.Either<JsonObject, DecodeError> =>
  isJsonObject(data) && isJsonObject(data["__schema"])
    ? Either.right(data)
    : Either.left(
        showing(
          new DecodeError({
            reason: "WrongShape",
            problem: `The response to the introspection query is ${shorten(data)}, which has no schema`,
            hint: "Check that the base URL is the API's own address, and that introspection is enabled",
            expected: "an object with __schema",
            found: shorten(data)
          }),
          data
        )
      )

/**
 * Runs an effect once for all callers that wait at the same time. After the effect has succeeded,
 * its result is returned without running the effect again.
 */
export const onceSucceeded = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  const share = makeSharing<A, E>()
  let known: Effect.Effect<A> | undefined
  const first = Effect.tap(effect, (value) => {
    known = Effect.succeed(value)
  })
  return Effect.suspend(() => known ?? share("", undefined, { begin: () => first, end: () => {} }))
}

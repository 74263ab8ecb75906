/** Fetches the schema of the server with GraphQL's introspection query. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { isJsonObject, type JsonObject, type JsonValue } from "../../JsonValue.js"
import { DecodeError } from "../../MetricsError.js"
import { showing } from "../redact/shownValues.js"
import { shorten } from "../shorten.js"
import type { Call } from "./call.js"
import { makeSharing } from "./share.js"

/**
 * The query as a call, which checks only the part of the response that a client reads. The document
 * is the output of `getIntrospectionQuery({ descriptions: false })` of graphql, whose code is
 * larger.
 */
export const introspection: Call<JsonObject> = {
  operationName: "IntrospectionQuery",
  document:
    "query IntrospectionQuery{__schema{queryType{name kind}mutationType{name kind}subscriptionType{name kind}types{...FullType}directives{name locations args{...InputValue}}}}" +
    "fragment FullType on __Type{kind name fields(includeDeprecated:true){name args{...InputValue}type{...TypeRef}isDeprecated deprecationReason}inputFields{...InputValue}interfaces{...TypeRef}enumValues(includeDeprecated:true){name isDeprecated deprecationReason}possibleTypes{...TypeRef}}" +
    "fragment InputValue on __InputValue{name type{...TypeRef}defaultValue}" +
    "fragment TypeRef on __Type{kind name ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind}}}}}}}}}}",
  variables: {},
  decode: (data) => readSchema(data)
}

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
 * Runs an effect until it succeeds, once for all waiting callers, and returns that result from then
 * on.
 */
export const onceSucceeded = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  const share = makeSharing<A, E>()
  let known: Effect.Effect<A> | undefined
  const first = Effect.tap(effect, (value) => {
    known = Effect.succeed(value)
  })
  return Effect.suspend(() => known ?? share("", undefined, { begin: () => first, end: () => {} }))
}

import * as Effect from "effect/Effect"
import type { GraphqlRequest } from "./compile.js"
import * as HasuraError from "./HasuraError.js"
import type { Json, JsonObject } from "./json/Json.js"
import { isList, isObject, kindOf } from "./json/Json.js"
import { NotJson, parseJson } from "./json/parseJson.js"
import { isName } from "./values/InputValue.js"

/** The content of a body: one operation, or a list of them. */
export type Body =
  | { readonly _tag: "One"; readonly request: GraphqlRequest }
  | { readonly _tag: "Batch"; readonly requests: ReadonlyArray<GraphqlRequest> }

/**
 * Reads the body of a request. A list is rejected as a whole if one of its items is not an
 * operation.
 */
export const parseBody = (body: string): Effect.Effect<Body, HasuraError.HasuraError> =>
  Effect.try({
    try: (): Body => {
      const json = parseJson(body)
      if (isList(json)) {
        const requests = json.map((item, index) => parseRequest(item, `$[${index}]`))
        return { _tag: "Batch", requests }
      }
      if (asksForPersistedQuery(json)) throw persistedQueriesOff
      return { _tag: "One", request: parseRequest(json, "$") }
    },
    catch: (error) => {
      if (error instanceof HasuraError.HasuraError) return error
      const message = error instanceof NotJson ? error.message : "the body cannot be read"
      return HasuraError.make("invalid-json", message)
    }
  })

/** Hasura's response to persisted queries if the server has no cache for persisted queries. */
export const persistedQueriesOff = HasuraError.make(
  "not-supported",
  "Automatic Persisted Queries is not enabled"
)

const asksForPersistedQuery = (json: Json): boolean => {
  const extensions = isObject(json) ? (json.get("extensions") ?? null) : null
  return isObject(extensions) && extensions.has("persistedQuery")
}

/** The name of a request in Hasura's messages. */
const type = "Hasura.GraphQL.Transport.HTTP.Protocol.GQLReq(GQLReq)"

const parseRequest = (json: Json, path: string): GraphqlRequest => {
  if (!isObject(json)) throw mismatch(type, "Object", json, path)
  const operationName = parseName(json.get("operationName") ?? null, `${path}.operationName`)
  const query = json.get("query")
  if (query === undefined) {
    throw parseFailed(`parsing ${type} failed, key "query" not found`, path)
  }
  if (typeof query !== "string") throw mismatch("Text", "String", query, `${path}.query`)
  const variables = parseVariables(json.get("variables") ?? null, `${path}.variables`)
  return { query, operationName, variables }
}

const parseName = (json: Json, path: string): string | undefined => {
  if (json === null) return undefined
  if (typeof json !== "string") throw mismatch("Name", "String", json, path)
  if (!isName(json)) throw parseFailed(`${json} is not valid GraphQL name`, path)
  return json
}

const parseVariables = (json: Json, path: string): JsonObject => {
  if (json === null) return new Map()
  if (!isObject(json)) throw mismatch("HashMap", "Object", json, path)
  for (const name of json.keys()) {
    if (!isName(name)) {
      throw parseFailed(`${name} is not valid GraphQL name`, path + inPath(name))
    }
  }
  return json
}

const inPath = (key: string): string =>
  /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`

const mismatch = (
  reader: string,
  expected: string,
  json: Json,
  path: string
): HasuraError.HasuraError =>
  parseFailed(
    `parsing ${reader} failed, expected ${expected}, but encountered ${kindOf(json)}`,
    path
  )

const parseFailed = (message: string, path: string): HasuraError.HasuraError =>
  HasuraError.make("parse-failed", message, { path })

/** Writes the JSON bodies of GraphQL requests. */
import * as Either from "effect/Either"
import type { JsonObject } from "../../JsonValue.js"
import { QueryError } from "../../MetricsError.js"

/** The content of a request body. */
interface Content {
  readonly operationName: string | undefined
  readonly document: string
  readonly variables: JsonObject
}

export interface RequestBody {
  readonly text: string
  /**
   * A text that is the same for equal bodies of one writer, and for no others. It is shorter than
   * most bodies, because it has a number in place of a known document. A `Map` finds it in a
   * fraction of the time.
   */
  readonly key: string
}

export type WriteBody = (content: Content) => Either.Either<RequestBody, QueryError>

/**
 * Makes a writer of bodies. The writer keeps the JSON text of each document, because most programs
 * send the same few documents again and again.
 */
export const makeWriteBody = (): WriteBody => {
  const documents = new Map<string, { readonly json: string; readonly id: string }>()
  const written = (document: string) => {
    const known = documents.get(document)
    if (known !== undefined) return known
    const json = JSON.stringify(document)
    // A document that is not kept has its whole text as its id. If a kept document were removed
    // again, its id could change while a call is in flight, and an equal call would not share its
    // response.
    if (document.length > maxLength || documents.size >= maxDocuments) return { json, id: json }
    const added = { json, id: `${documents.size}` }
    documents.set(document, added)
    return added
  }
  return ({ document, operationName, variables }) =>
    Either.try({
      try: () => {
        const { id, json } = written(document)
        const name = operationName === undefined ? "" : JSON.stringify(operationName)
        // A `toJSON` of the variables can return undefined, although the type does not say so.
        const values = JSON.stringify(variables) ?? "{}"
        return {
          text: `{${name === "" ? "" : `"operationName":${name},`}"variables":${values},"query":${json}}`,
          key: `${id}${name}${values}`
        }
      },
      catch: () =>
        new QueryError({
          reason: "InvalidValue",
          problem: "The variables of the operation cannot be written as JSON",
          hint: "Pass plain JSON values: no bigint, no cycle"
        })
    })
}

/**
 * The maximum number of documents that a writer keeps. A program that builds documents from the
 * choices of its users can have any number of documents.
 */
const maxDocuments = 256

/** The maximum length of a document that a writer keeps. */
const maxLength = 8_192

/** Turns a GraphQL request that an app has written itself into a call. */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { DocumentNode } from "graphql"
import { loadSchemaDecoder } from "#loaders"
import type { JsonObject } from "../../JsonValue.js"
import { isRecord } from "../../JsonValue.js"
import { QueryError, type TransportError } from "../../MetricsError.js"
import { printDocument } from "../graphql/print.js"
import { type Misfit, misfit } from "../options/check.js"
import * as is from "../options/kinds.js"
import { isSchema } from "../typeIds.js"
import type { Call } from "./call.js"

/**
 * A GraphQL request that the app has written itself. The request must be safe to send twice,
 * because the client retries it like a query.
 */
export interface RawRequest<A, I> {
  readonly document: string | DocumentNode
  /**
   * Required if the document contains several operations. It also names the call in errors and
   * traces.
   */
  readonly operationName?: string
  readonly variables?: JsonObject
  /** Decodes the `data` of the response. */
  readonly schema: Schema.Schema<A, I>
}

const kinds = {
  document: is.isDocument,
  schema: isSchema,
  "operationName?": is.isText,
  "variables?": isRecord
}

export const executable = <A, I>(
  request: RawRequest<A, I>
): Effect.Effect<Call<A>, QueryError | TransportError> => {
  const found = misfit(kinds, request)
  if (found !== undefined) return Effect.fail(invalid(found))
  return Effect.flatMap(loadSchemaDecoder, ({ decodeSchema }) =>
    Effect.try({
      try: () => ({
        operationName: request.operationName,
        document: is.isText(request.document) ? request.document : printDocument(request.document),
        variables: request.variables ?? {},
        decode: decodeSchema(request.schema)
      }),
      catch: () => invalid({ problem: "document cannot be printed", hint: "Pass it as a string" })
    })
  )
}

const invalid = (misfit: Misfit): QueryError =>
  new QueryError({ reason: "InvalidValue", ...misfit, attempts: 0 })

/** A request written by hand as a call. */
import * as Either from "effect/Either"
import { isRecord } from "../../JsonValue.js"
import type { RawRequest } from "../../MetricsClient.js"
import { QueryError } from "../../MetricsError.js"
import { printDocument } from "../graphql/print.js"
import { isSchema } from "../isSchema.js"
import { type Misfit, misfit } from "../options/check.js"
import * as is from "../options/kinds.js"
import { decodeSchema } from "../rows/decodeSchema.js"
import type { Call } from "./call.js"

const kinds = {
  document: is.isDocument,
  schema: isSchema,
  "operationName?": is.isText,
  "variables?": isRecord
}

export const executable = <A, I>(request: RawRequest<A, I>): Either.Either<Call<A>, QueryError> => {
  const found = misfit(kinds, request)
  if (found !== undefined) return Either.left(invalid(found))
  return Either.try({
    try: () => ({
      operationName: request.operationName,
      document: is.isText(request.document) ? request.document : printDocument(request.document),
      variables: request.variables ?? {},
      decode: decodeSchema(request.schema)
    }),
    catch: () => invalid({ problem: "document cannot be printed", hint: "Give it as a text" })
  })
}

const invalid = (misfit: Misfit): QueryError =>
  new QueryError({ reason: "InvalidValue", ...misfit, attempts: 0 })

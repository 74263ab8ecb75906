/**
 * Operations. An operation has the document and the variables that are sent to the API, and decodes
 * the response.
 */

import * as Either from "effect/Either"
import type { ConstValueNode, DocumentNode } from "graphql"
import * as Ast from "./internal/graphql/ast.js"
import { printDocument } from "./internal/graphql/print.js"
import type { ExactCells } from "./internal/rows/exactCells.js"
import { shorten } from "./internal/shorten.js"
import { isJsonArray, type JsonObject, type JsonValue } from "./JsonValue.js"
import { type DecodeError, QueryError } from "./MetricsError.js"

/**
 * One GraphQL operation with the values of its variables.
 */
export interface Operation<out A> {
  /** The operation's name, which is sent as `operationName`. */
  readonly name: string
  /**
   * The GraphQL document. All values are in `variables`. Queries that differ only in values
   * therefore have the same document, and no value can change the document.
   */
  readonly document: DocumentNode
  readonly variables: JsonObject
  /**
   * The names of the variables that hold enum values. An enum value is a string in `variables`, and
   * a name without quotes in the text of `toInlineText`.
   */
  readonly enums?: ReadonlySet<string>
  /** The cells whose numbers must keep all digits, such as cells of `numeric`. */
  readonly exact?: ExactCells
  /** Decodes the `data` of the response. */
  readonly decode: (data: JsonValue, options?: DecodeOptions) => Either.Either<A, DecodeError>
}

/**
 * Options of `Operation.decode`.
 */
interface DecodeOptions {
  /**
   * Whether `decode` may change the rows of `data` and return them, which saves a copy of each row.
   * `data` cannot be used afterwards, even if decoding fails. Default false: `data` is not changed.
   */
  readonly inPlace?: boolean
}

/**
 * Prints the document as it is sent.
 *
 * @example
 * ```ts
 * import { Operation, Query, QueryBuilder } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import * as Effect from "effect/Effect"
 *
 * const query = Query.from(building_metrics, {
 *   select: ["metric_value"],
 *   where: {
 *     building_id: 71,
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * })
 * const text = Effect.map(QueryBuilder.build(query), Operation.toText)
 * ```
 */
export const toText = <A>(operation: Operation<A>): string => printDocument(operation.document)

/**
 * Prints the document with values in place of its variables, as the vendor's pages do. The text is
 * for a playground, a bug report or a log. If `order_by` is a list of one element, only the element
 * is printed. Both forms have the same meaning in GraphQL (input coercion of lists).
 *
 * Fails with a `QueryError` (`NotInlineable`) for a JSON object with a key that is not a GraphQL
 * name, and for text that is not well-formed Unicode.
 *
 * @example
 * ```ts
 * import { Operation, Query, QueryBuilder } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import * as Effect from "effect/Effect"
 *
 * const query = Query.from(building_metrics, {
 *   select: ["metric_value"],
 *   where: {
 *     building_id: 71,
 *     metric_name: "occupancy_mean",
 *     granularity: "PT1H",
 *     group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *   }
 * })
 * const text = QueryBuilder.build(query).pipe(Effect.flatMap(Operation.toInlineText))
 * ```
 */
export const toInlineText = <A>(operation: Operation<A>): Either.Either<string, QueryError> =>
  Either.map(
    Either.all(
      Object.fromEntries(
        Object.entries(operation.variables).map(([name, value]) => [
          name,
          literal(value, name, operation.enums?.has(name))
        ])
      )
    ),
    (literals) => printDocument(operation.document, literals)
  )

const literal = (
  value: JsonValue,
  variable: string,
  isEnum = false
): Either.Either<ConstValueNode, QueryError> => {
  switch (typeof value) {
    case "string":
      if (isEnum) return Either.right({ kind: Ast.ENUM, value })
      // With the u flag, a surrogate pair is one code point, so the expression finds only unpaired
      // surrogates.
      return /\p{Surrogate}/u.test(value)
        ? Either.left(
            notInlineable(variable, `text with half of a surrogate pair, ${shorten(value)}`)
          )
        : Either.right({ kind: Ast.STRING, value })
    case "boolean":
      return Either.right({ kind: Ast.BOOLEAN, value })
    case "number":
      return Either.right({
        kind: Number.isInteger(value) && Math.abs(value) < 1e21 ? Ast.INT : Ast.FLOAT,
        value: String(value)
      })
    case "object":
      break
  }
  if (value === null) return Either.right({ kind: Ast.NULL })
  if (isJsonArray(value)) {
    return Either.map(
      Either.all(value.map((element) => literal(element, variable, isEnum))),
      (values): ConstValueNode => ({ kind: Ast.LIST, values })
    )
  }
  return Either.map(
    Either.all(Object.entries(value).map(([key, field]) => objectField(key, field, variable))),
    (fields) => ({ kind: Ast.OBJECT, fields })
  )
}

const objectField = (key: string, value: JsonValue, variable: string) =>
  Ast.isName(key)
    ? Either.map(literal(value, variable), (node) => ({
        kind: Ast.OBJECT_FIELD,
        name: { kind: Ast.NAME, value: key },
        value: node
      }))
    : Either.left(notInlineable(variable, `the key ${shorten(key)}`))

const notInlineable = (variable: string, what: string): QueryError =>
  new QueryError({
    reason: "NotInlineable",
    problem: `Variable ${variable} holds ${what}, which has no GraphQL literal`,
    hint: "Send the operation with its variables instead"
  })

/** A document against a schema: what is wrong first, at its column. */
import * as Either from "effect/Either"
import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  validate,
  visit
} from "graphql"
import { QueryError, type QueryErrorFields } from "../../MetricsError.js"

export const checkDocument = (
  document: DocumentNode,
  schema: GraphQLSchema
): Either.Either<void, QueryError> => {
  const [error] = validate(schema, document)
  return error === undefined ? Either.void : Either.left(toQueryError(error, document))
}

const toQueryError = (error: GraphQLError, document: DocumentNode): QueryError => {
  const node = error.nodes?.at(-1)
  const names = node === undefined ? [] : namesAround(node, document)
  const isName = node?.kind === Kind.FIELD || node?.kind === Kind.OBJECT_FIELD
  const [table, ...path] = names
  const column = path.filter((name) => !name.startsWith("_")).join(".")
  return new QueryError({
    ...(table !== undefined && isName
      ? unknownName(names, error)
      : {
          reason: "InvalidValue",
          problem: `The server's schema does not allow ${names.join(".")}: ${error.message.replace(/\.$/, "")}`,
          hint: "Make the catalogue again from the server's schema, with Catalog.fromIntrospection or Catalog.toTypeScript"
        }),
    ...(table === undefined ? {} : { table }),
    ...(column === "" ? {} : { column })
  })
}

/** The last of the names is not in the schema. */
const unknownName = (
  names: ReadonlyArray<string>,
  error: GraphQLError
): Pick<QueryErrorFields, "reason" | "problem" | "hint"> => {
  const name = names.at(-1) ?? ""
  const owner = names.slice(0, -1).join(".")
  // graphql ends its message with the nearest names, in quotes.
  const nearest = /Did you mean (.*)\?$/.exec(error.message)?.[1]
  if (owner === "") {
    return {
      reason: "UnknownColumn",
      problem: `The server's schema has no root field "${name}"`,
      hint: nearest === undefined ? "Ask whether the login may read that table" : `Use ${nearest}`
    }
  }
  const isOperator = name.startsWith("_")
  return {
    reason: isOperator ? "UnknownOperator" : "UnknownColumn",
    problem: `${owner} has no ${isOperator ? "operator" : "column"} "${name}" in the server's schema`,
    hint:
      nearest === undefined
        ? "Make the catalogue again from the server's schema, with Catalog.fromIntrospection or Catalog.toTypeScript"
        : `Use ${nearest}`
  }
}

/** From the root field to the node: columns, relationships and operators, without arguments and `_and`, `_or`, `_not`. */
const namesAround = (node: ASTNode, document: DocumentNode): ReadonlyArray<string> => {
  let found: ReadonlyArray<ASTNode> = []
  const isNode = (value: ASTNode | ReadonlyArray<ASTNode>): value is ASTNode => "kind" in value
  visit(document, {
    enter: (candidate, _key, _parent, _path, ancestors) => {
      if (candidate !== node) return undefined
      found = [...ancestors.filter(isNode), candidate]
      return BREAK
    }
  })
  return found.flatMap((candidate) =>
    (candidate.kind === Kind.FIELD || candidate.kind === Kind.OBJECT_FIELD) &&
    !logical.has(candidate.name.value)
      ? [candidate.name.value]
      : []
  )
}

const logical: ReadonlySet<string> = new Set(["_and", "_or", "_not"])

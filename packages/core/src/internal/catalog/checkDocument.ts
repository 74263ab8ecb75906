/** Checks a document against a schema and reports the first problem, with its column. */
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
import { QueryError } from "../../MetricsError.js"

export const checkDocument = (
  document: DocumentNode,
  schema: GraphQLSchema
): Either.Either<void, QueryError> => {
  const [error] = validate(schema, document)
  return error === undefined ? Either.void : Either.left(toQueryError(error, document))
}

const toQueryError = (error: GraphQLError, document: DocumentNode): QueryError => {
  const node = error.nodes?.at(-1)
  const names = node === undefined ? [] : placeOf(node, document)
  const isName = node?.kind === Kind.FIELD || node?.kind === Kind.OBJECT_FIELD
  const [table, ...path] = names
  const column = path.filter((name) => !name.startsWith("_")).join(".")
  return new QueryError({
    ...(table !== undefined && isName
      ? unknownName(names, error)
      : {
          reason: "InvalidValue",
          problem: `The server's schema does not allow ${names.join(".")}: ${error.message.replace(/\.(?: Did you mean [^.]*\?)?$/, "")}`,
          hint: "Regenerate the catalogue from the server's schema, with Catalog.fromIntrospection or Catalog.toTypeScript"
        }),
    ...(table === undefined ? {} : { table }),
    ...(column === "" ? {} : { column })
  })
}

/**
 * Describes an unknown name. `names` are the names on the path to the unknown name. The last of
 * them is the unknown name.
 */
const unknownName = (
  names: ReadonlyArray<string>,
  error: GraphQLError
): Pick<ConstructorParameters<typeof QueryError>[0], "reason" | "problem" | "hint"> => {
  const name = names.at(-1) ?? ""
  const owner = names.slice(0, -1).join(".")
  // The package `graphql` ends its message with the nearest names, in quotes.
  const nearest = /Did you mean ([^.]*)\?$/.exec(error.message)?.[1]
  if (owner === "") {
    return {
      reason: "UnknownTable",
      problem: `The server's schema has no root field "${name}"`,
      hint:
        nearest === undefined
          ? "Check whether the credentials may read that table"
          : `Use ${nearest}`
    }
  }
  const isOperator = name.startsWith("_")
  return {
    reason: isOperator ? "UnknownOperator" : "UnknownColumn",
    problem: `${owner} has no ${isOperator ? "operator" : "column"} "${name}" in the server's schema`,
    hint:
      nearest === undefined
        ? "Regenerate the catalogue from the server's schema, with Catalog.fromIntrospection or Catalog.toTypeScript"
        : `Use ${nearest}`
  }
}

/**
 * The names on the path to a node. If the node declares a variable, these are the names on the path
 * to the place where the variable is used.
 */
const placeOf = (node: ASTNode, document: DocumentNode): ReadonlyArray<string> => {
  const nodes = nodesAround(document, (candidate) => candidate === node)
  const definition = nodes.find((candidate) => candidate.kind === Kind.VARIABLE_DEFINITION)
  if (definition === undefined) return namesOf(nodes)
  const variable = definition.variable.name.value
  const isUse = (candidate: ASTNode) =>
    candidate.kind === Kind.VARIABLE && candidate.name.value === variable
  return namesOf(nodesAround(document, isUse, Kind.VARIABLE_DEFINITION))
}

/** The nodes on the path from the document to the first match. */
const nodesAround = (
  document: DocumentNode,
  isWanted: (node: ASTNode) => boolean,
  skipped?: Kind
): ReadonlyArray<ASTNode> => {
  let found: ReadonlyArray<ASTNode> = []
  const isNode = (value: ASTNode | ReadonlyArray<ASTNode>): value is ASTNode => "kind" in value
  visit(document, {
    enter: (candidate, _key, parent, _path, ancestors) => {
      if (candidate.kind === skipped) return false
      if (!isWanted(candidate)) return undefined
      // The list `ancestors` of `graphql` does not contain the parent. The parent can be a list of
      // nodes.
      found = [...[...ancestors, parent ?? []].filter(isNode), candidate]
      return BREAK
    }
  })
  return found
}

/**
 * The names of the root field, and of the columns, relationships and operators after it. The names
 * of arguments and the names `_and`, `_or` and `_not` are left out.
 */
const namesOf = (nodes: ReadonlyArray<ASTNode>): ReadonlyArray<string> =>
  nodes.flatMap((node) =>
    (node.kind === Kind.FIELD || node.kind === Kind.OBJECT_FIELD) && !logical.has(node.name.value)
      ? [node.name.value]
      : []
  )

const logical: ReadonlySet<string> = new Set(["_and", "_or", "_not"])

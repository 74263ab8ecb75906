import * as Either from "effect/Either"
import * as HasuraError from "../graphql/HasuraError.js"

/** Hasura's default namespace of claims. */
export const namespace = "https://hasura.io/jwt/claims"

/** The rows that a credential may read: the rows of some buildings, or all rows. */
export interface RowPermission {
  readonly buildings: ReadonlyArray<number> | undefined
}

export const everything: RowPermission = { buildings: undefined }

const buildingIds = "x-hasura-allowed-building-ids"

/**
 * The roles and the session variables of a token in Hasura's format. Lists have PostgreSQL's array
 * syntax. The names of the roles and of the variable are assumptions.
 */
export const write = (permission: RowPermission): Readonly<Record<string, unknown>> => {
  const role = permission.buildings === undefined ? "customer" : "tenant"
  return {
    "x-hasura-default-role": role,
    "x-hasura-allowed-roles": [role],
    ...(permission.buildings === undefined
      ? {}
      : { [buildingIds]: `{${permission.buildings.join(",")}}` })
  }
}

/**
 * Reads the claims that `write` wrote. If a variable that the role's permission needs is missing,
 * the error has Hasura's words.
 */
export const read = (claims: unknown): Either.Either<RowPermission, HasuraError.HasuraError> => {
  if (typeof claims !== "object" || claims === null) {
    return Either.left(
      HasuraError.make("jwt-invalid-claims", `claims key: '${namespace}' not found`)
    )
  }
  const variables = new Map<string, unknown>(Object.entries(claims))
  if (variables.get("x-hasura-default-role") !== "tenant") return Either.right(everything)
  const list = variables.get(buildingIds)
  return typeof list === "string"
    ? Either.right({ buildings: (list.match(/\d+/g) ?? []).map(Number) })
    : Either.left(HasuraError.make("not-found", `missing session variable: "${buildingIds}"`))
}

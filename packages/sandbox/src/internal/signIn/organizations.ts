import { errors } from "oidc-provider"

/**
 * The name of the connection that contains the sandbox's people. Auth0 uses this name for its own
 * database of users.
 */
const connection = "Username-Password-Authentication"

/** The only organization of the sandbox, by its id and its name. */
const organization = ["org_sandbox", "sandbox"]

/**
 * Auth0's additional parameters of an authorization request, and the words with which Auth0 rejects
 * a wrong value.
 */
export const extraParams = {
  connection: (_context: unknown, value: string | undefined): void => {
    if (value === undefined || value === connection) return
    throw new errors.InvalidRequest("the connection was not found")
  },
  organization: (_context: unknown, value: string | undefined): void => {
    if (value === undefined || organization.includes(value)) return
    throw new errors.InvalidRequest("parameter organization is not allowed for this client")
  }
}

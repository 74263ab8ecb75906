import { errors } from "oidc-provider"

/** Auth0's name for the sandbox's list of people. */
const connection = "Username-Password-Authentication"

/** The only organization of the sandbox, by its id and its name. */
const organization = ["org_sandbox", "sandbox"]

/** Auth0's parameters of an authorization request, which it rejects in these words. */
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

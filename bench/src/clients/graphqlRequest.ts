import { GraphQLClient } from "graphql-request"
import { authorization, type Open, sender } from "./shared/client.js"
import { document, variables } from "./shared/weekly.js"

export const open: Open = (url) => {
  const client = new GraphQLClient(url, { headers: { authorization } })
  return sender((building) => client.request(document, variables(building)))
}

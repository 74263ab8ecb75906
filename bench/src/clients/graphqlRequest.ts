import { GraphQLClient } from "graphql-request"
import { authorization, type Open, sender } from "./client.js"
import { document, variables } from "./weekly.js"

export const open: Open = (url) => {
  const client = new GraphQLClient(url, { headers: { authorization } })
  return sender((building) => client.request(document, variables(building)))
}

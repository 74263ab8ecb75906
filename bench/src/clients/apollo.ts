import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client/core"
import { authorization, type Open, sender } from "./shared/client.js"
import { document, variables } from "./shared/weekly.js"

export const open: Open = (url) => {
  const client = new ApolloClient({
    link: new HttpLink({ uri: url, headers: { authorization } }),
    cache: new InMemoryCache()
  })
  const query = gql(document)
  return sender((building) =>
    client.query({ query, variables: variables(building), fetchPolicy: "no-cache" })
  )
}

import { Client, fetchExchange } from "@urql/core"
import { authorization, type Open, sender } from "./shared/client.js"
import { document, variables } from "./shared/weekly.js"

export const open: Open = (url) => {
  const client = new Client({
    url,
    exchanges: [fetchExchange],
    preferGetMethod: false,
    requestPolicy: "network-only",
    fetchOptions: { headers: { authorization } }
  })
  return sender(async (building) => {
    const { data, error } = await client.query(document, variables(building)).toPromise()
    if (error !== undefined) throw error
    return data
  })
}

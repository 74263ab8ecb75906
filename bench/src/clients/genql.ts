import { genqlClient } from "../measurement/genqlClient.js"
import { authorization, type Open, sender } from "./shared/client.js"
import { selection } from "./shared/weekly.js"

const { createClient } = await genqlClient()

export const open: Open = (url) => {
  const client = createClient({ url, headers: { authorization } })
  return sender((building) => client.query(selection(building)))
}

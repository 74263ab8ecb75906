import { genqlClient } from "../measurement/genqlClient.js"
import { authorization, type Open, sender } from "./client.js"
import { selection } from "./weekly.js"

const { createClient } = await genqlClient()

export const open: Open = (url) => {
  const client = createClient({ url, headers: { authorization } })
  return sender((building) => client.query(selection(building)))
}

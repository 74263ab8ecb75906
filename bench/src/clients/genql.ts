import type { Genql } from "../measurement/genql.js"
import { authorization, type Open, sender } from "./client.js"
import { selection } from "./weekly.js"

// Made by `generateGenql` before any measurement begins.
const module: string = "../generated/genql/client.js"
const { createClient }: Genql = await import(module)

export const open: Open = (url) => {
  const client = createClient({ url, headers: { authorization } })
  return sender((building) => client.query(selection(building)))
}

import type { DatabaseError } from "../database/DatabaseConnection.js"
import * as HasuraError from "./HasuraError.js"

/** Hasura's error for a SQLSTATE of PostgreSQL: by class, and for one pattern error by name. */
export const fromDatabase = (error: DatabaseError): HasuraError.HasuraError => {
  const state = error.sqlState ?? ""
  if (state === "22025") return HasuraError.make("bad-request", error.message)
  if (state.startsWith("22")) return HasuraError.make("data-exception", error.message)
  return HasuraError.databaseQueryError
}

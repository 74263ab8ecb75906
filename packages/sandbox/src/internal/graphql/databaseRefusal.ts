import type { DatabaseError } from "../database/DatabaseConnection.js"
import * as HasuraError from "./HasuraError.js"

/**
 * Hasura's error for a SQLSTATE of PostgreSQL. It depends on the class of the SQLSTATE (the first
 * two characters), except for 22025, an invalid escape sequence in a pattern.
 */
export const fromDatabase = (error: DatabaseError): HasuraError.HasuraError => {
  const state = error.sqlState ?? ""
  if (state === "22025") return HasuraError.make("bad-request", error.message)
  if (state.startsWith("22")) return HasuraError.make("data-exception", error.message)
  return HasuraError.databaseQueryError
}

import type * as Schema from "effect/Schema"

/** What `Schema.isSchema` looks for. To import it would load all of Schema into a page. */
export const isSchema = (value: unknown): value is Schema.Schema<unknown> =>
  (typeof value === "object" || typeof value === "function") &&
  value !== null &&
  Symbol.for("effect/Schema") in value

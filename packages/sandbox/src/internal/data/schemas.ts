/**
 * The schemas in PostgreSQL. They have a prefix of their own, because a user's database may contain
 * other schemas. The schemas of the generations contain the views that their tables show, and the
 * shared schema the data behind them.
 */
export const schemas = {
  shared: "innerspace_sandbox",
  v1: "innerspace_sandbox_v1",
  v1_5: "innerspace_sandbox_v1_5",
  v2: "innerspace_sandbox_v2"
} as const

/**
 * The schemas in PostgreSQL. They carry a prefix of their own, because a database of the user's may
 * hold other things. Those of the generations hold what their tables show; the shared one holds
 * what these are made from.
 */
export const schemas = {
  shared: "innerspace_sandbox",
  v1: "innerspace_sandbox_v1",
  v1_5: "innerspace_sandbox_v1_5",
  v2: "innerspace_sandbox_v2"
} as const

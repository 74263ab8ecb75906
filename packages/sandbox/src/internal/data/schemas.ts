/**
 * The schemas in PostgreSQL. Their names have a prefix, because a user's database may contain other
 * schemas. The schemas of the generations contain views, one for each table of the API. The shared
 * schema contains the data of the views.
 */
export const schemas = {
  shared: "innerspace_sandbox",
  v1: "innerspace_sandbox_v1",
  v1_5: "innerspace_sandbox_v1_5",
  v2: "innerspace_sandbox_v2"
} as const

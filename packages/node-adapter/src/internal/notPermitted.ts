/**
 * Whether a value is the error that Deno throws if the program lacks a permission. The message of
 * this error names the permission.
 */
export const isNotPermitted = (cause: unknown): cause is Error =>
  cause instanceof Error && (cause.name === "NotCapable" || cause.name === "PermissionDenied")

import * as Data from "effect/Data"

/**
 * An error of Hasura, with a code from Hasura's list, a message, and the JSON path of the wrong
 * value. Hasura's GraphQL endpoint responds to all errors with status 200. Other endpoints respond
 * with `status`.
 */
export class HasuraError extends Data.TaggedError("HasuraError")<{
  readonly code: string
  readonly message: string
  readonly path: string
  readonly status: number
}> {}

export const make = (
  code: string,
  message: string,
  options: { readonly path?: string; readonly status?: number } = {}
): HasuraError =>
  new HasuraError({ code, message, path: options.path ?? "$", status: options.status ?? 400 })

export const validationFailed = (message: string, path?: string): HasuraError =>
  make("validation-failed", message, path === undefined ? {} : { path })

/** The error for anything that should not happen. */
export const unexpected: HasuraError = make("unexpected", "Internal Server Error", { status: 500 })

/** The error that clients get instead of an error of PostgreSQL. */
export const databaseQueryError: HasuraError = make("unexpected", "database query error", {
  status: 500
})

/** The body at the GraphQL endpoint, with exactly one error and never a `data` key. */
export const graphqlBody = (error: HasuraError) => ({
  errors: [{ extensions: { path: error.path, code: error.code }, message: error.message }]
})

/** The body at REST endpoints and unknown paths. */
export const restBody = (error: HasuraError) => ({
  path: error.path,
  error: error.message,
  code: error.code
})

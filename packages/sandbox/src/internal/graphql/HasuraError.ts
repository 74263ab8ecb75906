import * as Data from "effect/Data"

/**
 * An error of Hasura, with a code from its closed list, a message, and the JSON path of the wrong
 * value. `status` is the status outside of Hasura's GraphQL endpoint, which responds with 200 for
 * all errors.
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

/** For errors that should not happen. */
export const unexpected: HasuraError = make("unexpected", "Internal Server Error", { status: 500 })

/** For an error of PostgreSQL that is not shown to clients. */
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

import * as Data from "effect/Data"

/**
 * A refusal in Hasura's words: a code from its closed list, a message, and the JSON path of the
 * place that is wrong. `status` is the status that Hasura gives outside its GraphQL endpoint, which
 * answers 200 for all of them.
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

/** For what should not happen. */
export const unexpected: HasuraError = make("unexpected", "Internal Server Error", { status: 500 })

/** For an error of PostgreSQL that says nothing to a client. */
export const databaseQueryError: HasuraError = make("unexpected", "database query error", {
  status: 500
})

/** The envelope of the GraphQL endpoint: always exactly one error, never a `data` key. */
export const graphqlBody = (error: HasuraError) => ({
  errors: [{ extensions: { path: error.path, code: error.code }, message: error.message }]
})

/** The envelope of REST endpoints and of unknown paths. */
export const restBody = (error: HasuraError) => ({
  path: error.path,
  error: error.message,
  code: error.code
})

/**
 * A signal is what a client can see of a fault. The behaviour of a client may depend only on the
 * signal.
 */

/** Whether a fault affects only one request, or also all later requests. */
export type Persistence = "once" | "stays"

/**
 * The fault as the client sees it in the response or the connection. The cause of the fault is not
 * part of the signal.
 */
export type Signal =
  /** The right response. */
  | { readonly _tag: "Usual" }
  /** The right response, but the connection breaks when it is used again. */
  | { readonly _tag: "BrokenOnReuse" }
  /** No complete response within the time of an attempt. */
  | { readonly _tag: "Late" }
  /** The connection breaks during the response. */
  | { readonly _tag: "Broken" }
  /** The connection breaks before the response. */
  | { readonly _tag: "Reset" }
  /** The connection breaks before the response, and then no server accepts connections. */
  | { readonly _tag: "Away" }
  /** A status that is not a success, with a body that is not GraphQL's. */
  | { readonly _tag: "Status"; readonly status: number; readonly comeBack?: "beyond the deadline" }
  /** A status that is not a success, from a server in front of the API. The body is not JSON. */
  | { readonly _tag: "Foreign"; readonly status: number }
  /** GraphQL errors. */
  | { readonly _tag: "Errors"; readonly status: number; readonly code: string }
  /** The token is refused, by a status or in a response with a success status. */
  | { readonly _tag: "Refused"; readonly status: number }
  /** A success whose body is not JSON in UTF-8. */
  | { readonly _tag: "NotJson" }
  /** JSON that has no value at the place of the result. */
  | { readonly _tag: "Nothing" }
  /** JSON in which a value has a wrong type. */
  | { readonly _tag: "WrongValue" }
  /** More bytes than the limit allows. */
  | { readonly _tag: "TooLarge" }
  /** The server no longer knows the name of a column. */
  | { readonly _tag: "ColumnGone" }

export const usual: Signal = { _tag: "Usual" }
export const brokenOnReuse: Signal = { _tag: "BrokenOnReuse" }
export const late: Signal = { _tag: "Late" }
export const broken: Signal = { _tag: "Broken" }
export const reset: Signal = { _tag: "Reset" }
export const away: Signal = { _tag: "Away" }
export const notJson: Signal = { _tag: "NotJson" }
export const nothing: Signal = { _tag: "Nothing" }
export const wrongValue: Signal = { _tag: "WrongValue" }
export const tooLarge: Signal = { _tag: "TooLarge" }
export const columnGone: Signal = { _tag: "ColumnGone" }
export const status = (code: number): Signal => ({ _tag: "Status", status: code })
export const foreign = (code: number): Signal => ({ _tag: "Foreign", status: code })
export const errors = (code: string, status = 200): Signal => ({ _tag: "Errors", status, code })
export const refused = (status: number): Signal => ({ _tag: "Refused", status })

/** What a client can see of a fault: all that its behaviour may depend on. */

/** Whether a fault happens to one request, or to all from there on. */
export type Persistence = "once" | "stays"

/** As seen on the wire, whatever caused it. */
export type Signal =
  /** The right answer. */
  | { readonly _tag: "Usual" }
  /** The right answer, and the connection breaks when it is used again. */
  | { readonly _tag: "BrokenOnReuse" }
  /** No complete answer within the time of an attempt. */
  | { readonly _tag: "Late" }
  /** The connection breaks within the answer. */
  | { readonly _tag: "Broken" }
  /** The connection breaks before the answer. */
  | { readonly _tag: "Reset" }
  /** The same, and then there is nobody to connect to. */
  | { readonly _tag: "Away" }
  /** A status that is no success, with a body that is not GraphQL's. */
  | { readonly _tag: "Status"; readonly status: number; readonly comeBack?: "beyond the deadline" }
  /** The same, of something in front of the API: not JSON. */
  | { readonly _tag: "Foreign"; readonly status: number }
  /** GraphQL errors. */
  | { readonly _tag: "Errors"; readonly status: number; readonly code: string }
  /** The token is refused, by a status or in a success. */
  | { readonly _tag: "Refused"; readonly status: number }
  /** A success that is not JSON in UTF-8. */
  | { readonly _tag: "NotJson" }
  /** JSON with nothing in the place where the answer has to be. */
  | { readonly _tag: "Nothing" }
  /** JSON with a value of another type in it. */
  | { readonly _tag: "WrongValue" }
  /** More bytes than allowed. */
  | { readonly _tag: "TooLarge" }
  /** The name of a column is no longer known. */
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

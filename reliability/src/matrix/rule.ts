/**
 * The expected outcome, as a rule. The outcome depends on the signal, on the endpoint, and on
 * whether the fault stays. The rule follows the documentation of errors and retries, not the code.
 */
import type { Face } from "./faces.js"
import type { Operation } from "./operations.js"
import type { Persistence, Signal } from "./signals.js"

/** The outcome: the right rows, or the error that names the problem. */
export type Expected = "rows" | `${string}.${string}`

/** The error for a signal, and whether the same request may succeed later. */
interface Meaning {
  readonly error: Expected
  readonly passes: boolean
}

const fine: Meaning = { error: "rows", passes: true }
const passing = (error: Expected): Meaning => ({ error, passes: true })
const lasting = (error: Expected): Meaning => ({ error, passes: false })

export const expected = (
  signal: Signal,
  operation: Operation,
  persistence: Persistence,
  face: Face
): Expected => {
  const { error, passes } =
    operation === "first token" || operation === "renewal"
      ? face.platform === "browser"
        ? ofSignIn(signal)
        : ofTokenEndpoint(signal)
      : ofApi(signal, operation, face)
  return passes && persistence === "once" ? "rows" : error
}

/** The meanings of Hasura's error codes, according to the documentation of `GraphQLError`. */
const ofCode = (code: string): Meaning => {
  switch (code) {
    case "postgres-error":
    case "postgres-max-connections-error":
    case "concurrent-update":
      return passing("GraphQLError.DatabaseUnavailable")
    case "rate-limit-exceeded":
      return passing("GraphQLError.RateLimited")
    case "unexpected":
      return passing("GraphQLError.Unexpected")
    case "validation-failed":
      return lasting("GraphQLError.Invalid")
    case "access-denied":
      return lasting("GraphQLError.PermissionDenied")
    case "data-exception":
      return lasting("GraphQLError.DataException")
    case "node-limit-exceeded":
      return lasting("GraphQLError.LimitExceeded")
    default:
      return lasting("GraphQLError.Unknown")
  }
}

const ofApi = (signal: Signal, operation: Operation, face: Face): Meaning => {
  switch (signal._tag) {
    case "Usual":
    case "BrokenOnReuse":
      return fine
    case "Late":
      return passing("TransportError.Timeout")
    case "Broken":
      return passing("TransportError.ConnectionLost")
    case "Reset":
      // `fetch` does not say whether there was a connection.
      return passing(
        face.platform === "browser" ? "TransportError.Unreachable" : "TransportError.ConnectionLost"
      )
    case "Away":
      return passing("TransportError.Unreachable")
    case "Foreign":
      // After a 413, a stream requests smaller pages.
      if (signal.status === 413 && operation === "stream") {
        return passing("ResponseError.UnexpectedStatus")
      }
      return ofApi({ _tag: "Status", status: signal.status }, operation, face)
    case "Status":
      if (signal.status === 429) {
        return signal.comeBack === undefined
          ? passing("ResponseError.RateLimited")
          : lasting("ResponseError.RateLimited")
      }
      if (signal.status === 408 || signal.status >= 500) return passing("ResponseError.Unavailable")
      return signal.status < 400
        ? lasting("ResponseError.Redirected")
        : lasting("ResponseError.UnexpectedStatus")
    case "Errors":
      return ofCode(signal.code)
    case "Refused":
      return passing("AuthError.TokenRefused")
    case "NotJson":
      return lasting("ResponseError.NotJson")
    case "Nothing":
      return lasting("ResponseError.NoData")
    case "TooLarge":
      return operation === "stream"
        ? passing("ResponseError.TooLarge")
        : lasting("ResponseError.TooLarge")
    case "WrongValue":
      // The schema is returned unchecked. The code that reads a catalogue from the schema checks
      // it.
      if (operation === "schema") return fine
      return lasting(
        operation === "execute" ? "DecodeError.SchemaMismatch" : "DecodeError.WrongValue"
      )
    case "ColumnGone":
      return operation === "schema" ? fine : lasting("GraphQLError.Invalid")
  }
}

/** The meaning of a signal from a backend's token endpoint. */
const ofTokenEndpoint = (signal: Signal): Meaning => {
  switch (signal._tag) {
    case "Usual":
    case "BrokenOnReuse":
    case "ColumnGone":
      return fine
    case "Late":
      return passing("AuthError.Timeout")
    case "Broken":
    case "Reset":
    case "Away":
      return passing("AuthError.Unreachable")
    case "Foreign":
      return [400, 401, 403].includes(signal.status)
        ? lasting("AuthError.InvalidAnswer")
        : ofTokenStatus(signal.status, undefined)
    case "Status":
      return ofTokenStatus(signal.status, signal.comeBack)
    case "Refused":
      return signal.status === 200
        ? lasting("AuthError.CredentialsRefused")
        : ofTokenStatus(signal.status, undefined)
    case "Errors":
      return signal.status === 200
        ? ofTokenCode(signal.code)
        : ofTokenStatus(signal.status, undefined)
    case "NotJson":
    case "Nothing":
    case "WrongValue":
    case "TooLarge":
      return lasting("AuthError.InvalidAnswer")
  }
}

/** The meaning of an error code in a response with a success status. */
const ofTokenCode = (code: string): Meaning => {
  switch (code) {
    case "postgres-error":
    case "postgres-max-connections-error":
    case "concurrent-update":
    case "unexpected":
      return passing("AuthError.Unavailable")
    case "rate-limit-exceeded":
      return passing("AuthError.RateLimited")
    default:
      return lasting("AuthError.CredentialsRefused")
  }
}

const ofTokenStatus = (status: number, comeBack: "beyond the deadline" | undefined): Meaning => {
  if (status === 429) {
    return comeBack === undefined
      ? passing("AuthError.RateLimited")
      : lasting("AuthError.RateLimited")
  }
  if (status === 400 || status === 401 || status === 403) {
    return lasting("AuthError.CredentialsRefused")
  }
  return status === 408 || status >= 500
    ? passing("AuthError.Unavailable")
    : lasting("AuthError.InvalidAnswer")
}

/**
 * The meaning of a signal for `askForToken` in `faces.ts`, the app's own function to get a token.
 * This function throws a `TypeError` if there is no response, and an `Error` if the response is not
 * a success or not JSON. The function returns nothing if the response has no token.
 */
const ofSignIn = (signal: Signal): Meaning => {
  switch (signal._tag) {
    case "Usual":
    case "BrokenOnReuse":
    case "ColumnGone":
      return fine
    case "Late":
      return passing("AuthError.Timeout")
    case "Broken":
    case "Reset":
    case "Away":
      return passing("AuthError.Unreachable")
    case "Foreign":
    case "Status":
      return passing("AuthError.Unavailable")
    case "Errors":
    case "Refused":
      return signal.status < 300
        ? lasting("AuthError.SignInRequired")
        : passing("AuthError.Unavailable")
    case "NotJson":
      return passing("AuthError.Unavailable")
    case "Nothing":
    case "WrongValue":
    case "TooLarge":
      return lasting("AuthError.SignInRequired")
  }
}

/** The failures of a command, and their exit codes. */
import type { CatalogError } from "@innerspace-metrics/core/Catalog"
import type { MetricsError } from "@innerspace-metrics/core/MetricsError"
import type { SeriesError } from "@innerspace-metrics/core/SeriesError"
import type { TokenStoreError } from "@innerspace-metrics/core/TokenStore"
import type { DatasetError, SyncIncomplete } from "@innerspace-metrics/export/DatasetError"
import type { ExportError } from "@innerspace-metrics/export/ExportError"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"

interface Said {
  readonly problem: string
  readonly hint: string
  readonly message: string
}

const said = (problem: string, hint: string): Said => ({
  problem,
  hint,
  message: `${problem}. ${hint}.`
})

/** The command line, a setting or a file of settings is wrong. No request was sent. */
export class UsageError extends Data.TaggedError("UsageError")<Said> {
  constructor(problem: string, hint: string) {
    super(said(problem, hint))
  }
}

/** Something outside of the API failed, such as a file that cannot be read. */
export class LocalError extends Data.TaggedError("LocalError")<Said> {
  constructor(problem: string, hint: string) {
    super(said(problem, hint))
  }
}

/** The reader of stdout, such as `head`, has closed the pipe. */
export class OutputClosed extends Data.TaggedError("OutputClosed") {}

export type Failure =
  | UsageError
  | LocalError
  | OutputClosed
  | MetricsError
  | CatalogError
  | SeriesError
  | TokenStoreError
  | DatasetError
  | ExportError
  | SyncIncomplete

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  incomplete: 3,
  login: 4,
  later: 5,
  interrupted: 130
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The `error` of the envelope. */
export interface Described {
  readonly code: string
  readonly problem: string
  readonly hint: string
  readonly retryable: boolean
  /** How long to wait, in seconds. */
  readonly retryAfter: number | null
}

export const exitCodeOf = (failure: Failure): ExitCode => {
  switch (failure._tag) {
    case "OutputClosed":
      return exitCodes.done
    case "UsageError":
    case "QueryError":
      return exitCodes.usage
    case "ConfigurationError":
      return failure.reason === "MissingCredentials" ? exitCodes.login : exitCodes.usage
    case "SyncIncomplete":
      return exitCodes.incomplete
    case "DatasetError":
    case "ExportError":
      if (failure.reason === "InvalidOption") return exitCodes.usage
      return failure.isRetryable ? exitCodes.later : exitCodes.failed
    case "AuthError":
      if (loginReasons.has(failure.reason)) return exitCodes.login
      return failure.isRetryable || failure.reason === "Unreachable"
        ? exitCodes.later
        : exitCodes.failed
    case "GraphQLError":
      if (failure.reason === "PermissionDenied") return exitCodes.login
      return failure.isRetryable ? exitCodes.later : exitCodes.failed
    case "TransportError":
    case "ResponseError":
      return failure.isRetryable ? exitCodes.later : exitCodes.failed
    default:
      return exitCodes.failed
  }
}

const loginReasons: ReadonlySet<string> = new Set([
  "CredentialsRefused",
  "SignInRequired",
  "ConsentRequired",
  "TokenRefused"
])

export const describe = (failure: Failure): Described => {
  if (failure._tag === "OutputClosed") {
    return { code: "OutputClosed", problem: "stdout was closed", hint: "", ...final }
  }
  if (failure._tag === "SyncIncomplete") {
    return {
      code: "SyncIncomplete",
      problem: failure.failures.map(({ error, table }) => `${table}: ${error.problem}`).join("; "),
      hint: failure.failures.map(({ error }) => error.hint).join("; "),
      retryable: failure.isRetryable,
      retryAfter: null
    }
  }
  const { problem } = failure
  const hint =
    failure._tag === "DatasetError" && failure.reason === "Locked"
      ? `Wait for it. If that process has ended: innerspace unlock ${failure.dataset}`
      : failure.hint
  return {
    code: "reason" in failure ? `${failure._tag}.${failure.reason}` : failure._tag,
    problem,
    hint,
    retryable: "isRetryable" in failure && failure.isRetryable,
    retryAfter:
      "retryAfter" in failure && failure.retryAfter !== undefined
        ? Duration.toSeconds(failure.retryAfter)
        : null
  }
}

const final = { retryable: false, retryAfter: null }

/** Formats failures for a terminal. */
import { isMetricsError, type MetricsError } from "@innerspace-metrics/core/MetricsError"
import * as Cause from "effect/Cause"
import * as Option from "effect/Option"

/**
 * Formats a failure as its problem and the next step, without a stack. A defect is a mistake in the
 * program, so its text includes the stack.
 */
export const describeFailure = (
  cause: Cause.Cause<{ readonly _tag: string; readonly message: string }>
): string =>
  Option.match(Cause.failureOption(cause), {
    onNone: () => Cause.pretty(cause),
    onSome: (error) =>
      isMetricsError(error) ? describeError(error) : `${error._tag}: ${error.message}`
  })

const describeError = (error: MetricsError): string =>
  [
    `${error._tag} (${error.reason}): ${error.problem}.`,
    `Next step: ${error.hint}.`,
    ...(error.operationName === undefined ? [] : [`Operation: ${error.operationName}`]),
    ...(error.requestId === undefined ? [] : [`Request id: ${error.requestId}`])
  ].join("\n")

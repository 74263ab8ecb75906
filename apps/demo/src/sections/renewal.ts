/**
 * Shows a token that the API rejects before the token expires. The client gets another token, and
 * the caller does not notice.
 */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import type * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Backend } from "../Backend.js"
import { table } from "../pictures/table.js"
import { showRequestCounts } from "../requestCounts.js"
import { atLeastOne } from "../section.js"
import { documentedQueryOf } from "./documentedQuery.js"

export const renewal = Effect.gen(function* () {
  const { sandbox } = yield* Backend
  yield* Option.match(sandbox, { onNone: () => forgetToken, onSome: expireInSandbox })
  yield* showRequestCounts
})

const queryAgain = Effect.gen(function* () {
  const { api } = yield* Backend
  const metrics = yield* MetricsClient.MetricsClient
  const rows = yield* atLeastOne(metrics.query(documentedQueryOf(api.version)))
  yield* Console.log(
    `The documented query, sent again, returns ${rows.length === 1 ? "1 row" : `${rows.length} rows`}.`
  )
})

/**
 * Tells the client that the API rejected the token, because the real API does not reject a valid
 * token on demand.
 */
const forgetToken = Effect.gen(function* () {
  const tokens = yield* TokenProvider.TokenProvider
  yield* Effect.flatMap(tokens.get, tokens.invalidate)
  yield* Console.log("The client was told that the API rejected its token.")
  yield* queryAgain
})

const expireInSandbox = ({ control }: Sandbox.Service) =>
  Effect.gen(function* () {
    yield* control.expireTokens
    const before = yield* control.requests
    yield* Console.log("The sandbox now rejects the token that it issued.")
    yield* queryAgain
    const since = (yield* control.requests).slice(before.length)
    yield* Console.log(
      table(
        [{ heading: "received" }, { heading: "operation" }, { heading: "status", align: "right" }],
        since.map(({ kind, operationName, status }) => [
          kind === "token" ? "token request" : "query",
          operationName ?? "",
          String(status)
        ])
      )
    )
    if (since[0]?.status === 200) {
      yield* Console.log(
        "Status 200 is correct: Hasura rejects a token in a response with status 200."
      )
    }
  })

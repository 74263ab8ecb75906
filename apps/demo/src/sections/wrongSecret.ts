/** Logs in with a wrong secret and shows the typed error. */
import { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Backend } from "../Backend.js"
import { table } from "../pictures/table.js"
import { documentedQueryOf } from "./documentedQuery.js"

export const wrongSecret = Effect.gen(function* () {
  const { api, sandbox } = yield* Backend
  if (Option.isNone(sandbox)) {
    // A real server may block a client that guesses secrets.
    return yield* Console.log("Shown in the sandbox only.")
  }
  const wrong = NodeMetrics.layer({
    clientId: sandbox.value.clientId,
    clientSecret: Redacted.make("not the secret"),
    api
  })
  yield* Effect.flatMap(MetricsClient, (metrics) =>
    metrics.query(documentedQueryOf(api.version))
  ).pipe(
    Effect.provide(wrong),
    Effect.asVoid,
    Effect.catchTag("AuthError", (error) =>
      Console.log(
        table(
          [{ heading: "AuthError" }, { heading: "", width: 62 }],
          [
            ["reason", error.reason],
            ["problem", error.problem],
            ["hint", error.hint],
            ["isRetryable", String(error.isRetryable)]
          ]
        )
      )
    )
  )
})

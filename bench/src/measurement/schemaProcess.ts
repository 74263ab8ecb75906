/** Sends the schema of the v1 API of the sandbox to the parent process. */
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Effect from "effect/Effect"
import { answer } from "./answer.js"

const schema = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  return yield* Effect.flatMap(MetricsClient.MetricsClient, (client) => client.schema).pipe(
    Effect.provide(
      NodeMetrics.layer({
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
        api: Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, sandbox.urls.v1))
      })
    )
  )
})

answer(Effect.runPromise(Effect.scoped(schema)))

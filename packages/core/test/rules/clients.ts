/**
 * Makes clients of v1 and v2 of a sandbox, and of a second sandbox that writes wide numbers as
 * text.
 */
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { services } from "../support/sandboxClient.js"

export type ApiName = "v1" | "v2"

interface ByApi {
  readonly v1: MetricsClient.MetricsClient
  readonly v2: MetricsClient.MetricsClient
}

export class Clients extends Context.Tag("Clients")<
  Clients,
  {
    readonly plain: ByApi
    readonly stringified: ByApi
  }
>() {}

const clientOf = (api: Api.Api) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.Sandbox
    const built = yield* Layer.build(services(api))
    return yield* MetricsClient.make({
      api: Api.withBaseUrl(api, sandbox.urls[api.version]),
      retry: RetryPolicy.none
    }).pipe(Effect.provide(built))
  })

const both = Effect.all({ v1: clientOf(Api.v1), v2: clientOf(Api.v2) })

export const RulesLive = Layer.scoped(
  Clients,
  Effect.gen(function* () {
    const other = yield* Layer.build(
      Sandbox.layer({ stringifyNumericTypes: true, everyType: true })
    )
    return { plain: yield* both, stringified: yield* Effect.provide(both, other) }
  })
).pipe(Layer.provideMerge(Sandbox.layer({ everyType: true })))

/**
 * Whom the demo talks to: the real API if the environment says who logs in, else a sandbox of its
 * own.
 */
import * as Api from "@innerspace-metrics/core/Api"
import { type ConfigurationError, fromConfigError } from "@innerspace-metrics/core/MetricsError"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Sandbox from "@innerspace-metrics/sandbox/Sandbox"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"

/** What the sections have to know beside the client. */
export interface BackendService {
  readonly api: Api.Api
  /** None: this is the real API. */
  readonly sandbox: Option.Option<Sandbox.Service>
}

export class Backend extends Context.Tag("innerspace-metrics-demo/Backend")<
  Backend,
  BackendService
>() {}

const remote = (api: Api.Api) =>
  Layer.merge(Layer.succeed(Backend, { api, sandbox: Option.none() }), NodeMetrics.layerConfig())

const onSandbox = (generation: Api.Api) =>
  Layer.unwrapEffect(
    Effect.map(Sandbox.Sandbox, (sandbox) => {
      const { clientId, clientSecret, urls } = sandbox
      // The sandbox's v1 does not end.
      const api = Api.withoutDeprecationWarning(
        Api.withBaseUrl(generation, urls[generation.version])
      )
      return Layer.merge(
        Layer.succeed(Backend, { api, sandbox: Option.some(sandbox) }),
        NodeMetrics.layer({ clientId, clientSecret, api })
      )
    })
  ).pipe(Layer.provide(Sandbox.layer()))

/**
 * With one of these alone the real API is meant, and the client's own error says what is missing.
 */
const isRemote = Config.map(
  Config.all(
    ["INNERSPACE_CLIENT_ID", "INNERSPACE_CLIENT_SECRET", "INNERSPACE_BASE_URL"].map((name) =>
      Config.option(Config.string(name))
    )
  ),
  (settings) => settings.some(Option.isSome)
)

/** The client and its backend, composed once for the whole program. */
export const layer: Layer.Layer<
  Backend | NodeMetrics.NodeMetrics,
  ConfigurationError | Sandbox.SandboxError
> = Layer.unwrapEffect(
  Effect.gen(function* () {
    const api = yield* Api.config
    if (yield* isRemote) return remote(api)
    yield* Console.log("No credentials in the environment: starting a sandbox of the API.")
    return onSandbox(api)
  }).pipe(Effect.mapError(fromConfigError))
)

/**
 * The API that the demo calls. If the environment has credentials, this is the real API. Otherwise
 * it is a sandbox that the demo starts.
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

/** The things that the sections need in addition to the client. */
export interface BackendService {
  readonly api: Api.Api
  /** The sandbox, or none if the demo uses the real API. */
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
      // The warning that v1 is deprecated is of no use for the sandbox.
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
 * Whether the environment has at least one of these settings. The demo then uses the real API, and
 * the client's error names the settings that are missing.
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

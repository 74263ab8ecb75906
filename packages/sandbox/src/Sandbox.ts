/**
 * The vendor's API on localhost: two HTTP listeners, real tokens, PostgreSQL underneath, and a control for tests.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { ApiName } from "./internal/ApiName.js"
import type { Control } from "./internal/Control.js"
import * as Controls from "./internal/Control.js"
import { tables } from "./internal/catalog.js"
import * as Database from "./internal/Database.js"
import * as FaultQueue from "./internal/FaultQueue.js"
import * as GraphqlEndpoint from "./internal/graphql/GraphqlEndpoint.js"
import * as controlEndpoint from "./internal/http/controlEndpoint.js"
import * as Listener from "./internal/http/Listener.js"
import type { Endpoint } from "./internal/http/Router.js"
import * as Router from "./internal/http/Router.js"
import * as TokenAuthority from "./internal/login/TokenAuthority.js"
import * as tokenEndpoint from "./internal/login/tokenEndpoint.js"
import * as Nights from "./internal/Nights.js"
import * as RequestLog from "./internal/RequestLog.js"
import * as Role from "./internal/Role.js"
import * as SandboxClock from "./internal/SandboxClock.js"

export type { ApiName } from "./internal/ApiName.js"
export type { Control } from "./internal/Control.js"
export type { UnknownNight } from "./internal/Nights.js"
export type { RequestRecord } from "./internal/RequestLog.js"
export type { RoleChange } from "./internal/Role.js"

/** How a sandbox is made. Everything has a default. */
export interface Options {
  /** Port of the v1 host. The host of v1.5 and v2 takes the next one. 0, the default, takes any two free ports. */
  readonly port?: number
  /** Decides the data: the same seed gives the same rows. Default 1. */
  readonly seed?: number
  /** How long a token or a session is good for, in whole seconds. Default 24 hours. */
  readonly tokenLifetime?: Duration.DurationInput
  /** URL of a PostgreSQL server to use in place of the embedded one. Its schemas `innerspace_sandbox*` are replaced. */
  readonly databaseUrl?: Redacted.Redacted<string>
  /** Where the prepared embedded database is kept between starts. Default: a folder in the user's cache. */
  readonly cacheDirectory?: string
  /** Whether float8 and bigint columns come as JSON strings, which a Hasura server can be told to do. Default false. */
  readonly stringifyNumericTypes?: boolean
  /** The most rows of a table at once, also as related rows; more are cut without a word. Default: no limit. */
  readonly rowLimit?: number
  /** Whether clients may aggregate; if not, the `_aggregate` fields do not exist for them. Default true. */
  readonly allowAggregations?: boolean
  /** Whether clients may ask for the schema. Default true. */
  readonly introspection?: boolean
}

/** A running sandbox. */
export interface Service {
  /** Base URLs of the generations, without a trailing slash. v1.5 and v2 share one, as they do at the vendor. */
  readonly urls: Readonly<Record<ApiName, string>>
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  readonly control: Control
}

/**
 * A sandbox that could not start. `reason` says which part failed, the message what to do.
 *
 * @example
 * ```ts
 * import { Sandbox } from "@innerspace-metrics/sandbox"
 * import * as Effect from "effect/Effect"
 *
 * const sandbox = Sandbox.make({ port: 4000 }).pipe(
 *   Effect.catchIf((error) => error.reason === "Port", () => Sandbox.make())
 * )
 * ```
 */
export class SandboxError extends Data.TaggedError("SandboxError")<{
  readonly reason: "Port" | "Database" | "Options"
  readonly message: string
}> {}

/**
 * The service of a running sandbox.
 *
 * @example
 * ```ts
 * import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const sandbox = yield* Sandbox.Sandbox
 *   yield* sandbox.control.inject(Fault.unauthorized({ times: 2 }))
 * }).pipe(Effect.provide(Sandbox.layer()))
 * ```
 */
export class Sandbox extends Context.Tag("@innerspace-metrics/sandbox/Sandbox")<
  Sandbox,
  Service
>() {}

/** Fixed, so that command lines can be written down. The sandbox guards nothing. */
const credentials = {
  clientId: "sandbox-client",
  clientSecret: "sandbox-secret-Zk3vQ8mT1xW7"
}

/**
 * Starts a sandbox that stops with the scope. Fails with a `SandboxError` for a port, a database or an option.
 *
 * @example
 * ```ts
 * import { Sandbox } from "@innerspace-metrics/sandbox"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.scoped(
 *   Effect.flatMap(Sandbox.make({ seed: 7 }), (sandbox) => Effect.log(sandbox.urls.v1))
 * )
 * ```
 */
export const make = (options: Options = {}): Effect.Effect<Service, SandboxError, Scope.Scope> =>
  Effect.gen(function* () {
    const { lifetimeSeconds, port, seed } = yield* checkOptions(options)
    const clock = SandboxClock.make()
    const faults = FaultQueue.make()
    const log = RequestLog.make()
    const [tokens, database] = yield* Effect.all(
      [
        TokenAuthority.make({ clock, lifetimeSeconds }),
        Database.make({
          url: options.databaseUrl,
          seed,
          cacheDirectory: options.cacheDirectory
        }).pipe(
          Effect.mapError(
            (error) =>
              new SandboxError({
                reason: "Database",
                message: `the database could not be prepared: ${error.message}`
              })
          )
        )
      ],
      { concurrency: "unbounded" }
    )
    const role = Role.make({
      rowLimit: options.rowLimit,
      allowAggregations: options.allowAggregations ?? true,
      introspection: options.introspection ?? true
    })
    const nights = Nights.make(database, seed)
    // A database of the user's outlives the sandbox, and the next one takes its nights for the first ones.
    yield* Effect.addFinalizer(() => nights.restore)
    const control = Controls.make({ clock, faults, log, nights, role, tokens })
    const shared = {
      clock,
      faults,
      log,
      control: controlEndpoint.make(control),
      jwks: tokens.jwks
    }
    const token = tokenEndpoint.make(tokens, credentials)
    const graphql = (api: ApiName, verify: GraphqlEndpoint.Options["verify"]) =>
      GraphqlEndpoint.make({
        tables: tables[api],
        database,
        clock,
        role: role.current,
        verify,
        stringifyNumericTypes: options.stringifyNumericTypes ?? false
      })
    const byJwt = (api: ApiName) =>
      graphql(api, (request) => tokens.verifyAuthorization(api, request.headers["authorization"]))
    const bySession = graphql("v2", (request) =>
      tokens.verifySession(request.headers["x-session-id"])
    )
    const endpoint = (
      api: ApiName,
      kind: Endpoint["kind"],
      path: string,
      answer: Endpoint["answer"]
    ): Endpoint => ({ api, kind, path, answer })

    const metricsHost = Router.make({
      ...shared,
      endpoints: [
        endpoint("v1", "token", "/api/rest/oauth/token", (request) => token("v1", request)),
        endpoint("v1", "graphql", "/", byJwt("v1"))
      ]
    })
    const apiHost = Router.make({
      ...shared,
      endpoints: [
        endpoint("v1.5", "token", "/api/rest/oauth/token", (request) => token("v1.5", request)),
        endpoint("v1.5", "graphql", "/", byJwt("v1.5")),
        endpoint("v2", "token", "/v2/oauth/token", (request) => token("v2", request)),
        endpoint("v2", "graphql", "/v2/api", bySession)
      ]
    })
    const metricsPort = yield* listen(port, metricsHost)
    const apiPort = yield* listen(port === 0 ? 0 : port + 1, apiHost)
    return {
      urls: {
        v1: `http://localhost:${metricsPort}`,
        "v1.5": `http://localhost:${apiPort}`,
        v2: `http://localhost:${apiPort}`
      },
      clientId: credentials.clientId,
      clientSecret: Redacted.make(credentials.clientSecret),
      control
    }
  })

/**
 * A sandbox as a layer: it starts when the layer is built and stops when the layer's scope closes.
 *
 * @example
 * ```ts
 * import { Sandbox } from "@innerspace-metrics/sandbox"
 *
 * const SandboxLive = Sandbox.layer({ tokenLifetime: "90 seconds" })
 * ```
 */
export const layer = (options: Options = {}): Layer.Layer<Sandbox, SandboxError> =>
  Layer.scoped(Sandbox, make(options))

const listen = (port: number, handle: Parameters<typeof Listener.listen>[1]) =>
  Listener.listen(port, handle).pipe(
    Effect.mapError(
      (error) =>
        new SandboxError({
          reason: "Port",
          message:
            `cannot listen on port ${error.port} of localhost: ${error.message}. ` +
            "Choose another port, or 0 for any free one; a given port needs the one after it as well"
        })
    )
  )

const checkOptions = (options: Options) =>
  Effect.gen(function* () {
    const { port = 0, rowLimit = 0, seed = 1, tokenLifetime = "24 hours" } = options
    if (!Number.isInteger(port) || port < 0 || port > 65_534) {
      return yield* invalid("port", port, "a whole number from 0 to 65534")
    }
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      return yield* invalid("seed", seed, "a whole number from 0 to 4294967295")
    }
    if (!Number.isInteger(rowLimit) || rowLimit < 0) {
      return yield* invalid("rowLimit", rowLimit, "a whole number that is not negative")
    }
    const lifetimeSeconds = Math.floor(Duration.toSeconds(tokenLifetime))
    if (lifetimeSeconds < 1 || lifetimeSeconds > 2_592_000) {
      return yield* invalid("tokenLifetime", tokenLifetime, "from 1 second to 30 days")
    }
    return { port, seed, lifetimeSeconds }
  })

const invalid = (name: string, value: unknown, wanted: string) =>
  new SandboxError({
    reason: "Options",
    message: `${name} is ${String(value)}, but must be ${wanted}`
  })

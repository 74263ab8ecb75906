/**
 * The vendor's API on localhost. It has the vendor's two hosts, a sign-in host, real tokens, a
 * PostgreSQL database, and controls for tests.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { ApiName } from "./internal/ApiName.js"
import { tablesOf } from "./internal/catalog/tables.js"
import { instant, problemOf, seconds } from "./internal/checkOptions.js"
import type { Control } from "./internal/control/Control.js"
import * as Controls from "./internal/control/Control.js"
import * as ControlEndpoint from "./internal/control/ControlEndpoint.js"
import { monthAt } from "./internal/data/Dataset.js"
import * as Database from "./internal/database/Database.js"
import * as ColumnChanges from "./internal/faults/ColumnChanges.js"
import * as FaultQueue from "./internal/faults/FaultQueue.js"
import * as Compiler from "./internal/graphql/Compiler.js"
import { fromDatabase } from "./internal/graphql/databaseRefusal.js"
import * as GraphqlEndpoint from "./internal/graphql/GraphqlEndpoint.js"
import * as Cors from "./internal/http/Cors.js"
import * as Listener from "./internal/http/Listener.js"
import type { Endpoint } from "./internal/http/Router.js"
import * as Router from "./internal/http/Router.js"
import { grantTypeOf, operationNameOf } from "./internal/http/requestNotes.js"
import * as Lifetimes from "./internal/Lifetimes.js"
import * as SigningKey from "./internal/login/SigningKey.js"
import * as TokenAuthority from "./internal/login/TokenAuthority.js"
import * as TokenEndpoint from "./internal/login/TokenEndpoint.js"
import * as Nights from "./internal/Nights.js"
import * as RequestLog from "./internal/RequestLog.js"
import * as Role from "./internal/Role.js"
import * as SandboxClock from "./internal/SandboxClock.js"
import { clients } from "./internal/signIn/clients.js"
import type { Account, Username } from "./internal/signIn/people.js"
import { people } from "./internal/signIn/people.js"
import * as SignInHost from "./internal/signIn/SignInHost.js"

export type { ApiName } from "./internal/ApiName.js"
export type { Control, LifetimeChange } from "./internal/control/Control.js"
export type { Injection } from "./internal/faults/FaultQueue.js"
export type { UnknownNight } from "./internal/Nights.js"
export type { RequestKind, RequestRecord } from "./internal/RequestLog.js"
export type { RoleChange } from "./internal/Role.js"

/** Options of a sandbox. All of them have defaults. */
export interface Options {
  /**
   * Port of the v1 host. The host of v1.5 and v2 uses the next port, and the sign-in host uses the
   * port after that. 0, the default, uses any three free ports.
   */
  readonly port?: number
  /**
   * Seed of the data. With the same seed, a local day always has the same rows, no matter when the
   * sandbox starts. Default 1.
   */
  readonly seed?: number
  /**
   * The time at which the sandbox's clock starts. It is an instant, or a date such as "2025-06-30",
   * which means noon UTC on that date. The API has the rows of the local days before that instant,
   * up to the end of 2030. Default: the present.
   */
  readonly today?: DateTime.DateTime | globalThis.Date | string
  /** Lifetime of access tokens and of v2's sessions, in whole seconds. Default 24 hours. */
  readonly tokenLifetime?: Duration.DurationInput
  /** Lifetime of people's refresh tokens, in whole seconds. Default 30 days. */
  readonly refreshTokenLifetime?: Duration.DurationInput
  /** How long people stay signed in after their last request, in whole seconds. Default 3 days. */
  readonly sessionLifetime?: Duration.DurationInput
  /**
   * The origins whose pages may use and control the sandbox, such as "http://localhost:5173". An
   * empty list forbids all pages. If "null" is listed, pages with the origin "null" may use the
   * sandbox but not control it. Default: any origin of localhost, 127.0.0.1 or [::1].
   */
  readonly allowedOrigins?: ReadonlyArray<string>
  /**
   * URL of a PostgreSQL server (13 or newer) to use instead of the embedded server. A connection
   * pooler between the sandbox and the server is not supported. The sandbox creates its own schemas
   * on the server, and drops these schemas when it stops. The names of the schemas begin with
   * `innerspace_sandbox_` and a random id.
   */
  readonly databaseUrl?: Redacted.Redacted<string>
  /**
   * Directory in which the sandbox keeps the data of the embedded database for later starts.
   * Default: a folder in the user's cache directory.
   */
  readonly cacheDirectory?: string
  /**
   * Whether bigint, numeric and float8 values are sent as JSON strings. A Hasura server can be
   * configured to do this. Default false.
   */
  readonly stringifyNumericTypes?: boolean
  /**
   * How long an operation may take to read its rows, in whole seconds. A longer operation is
   * stopped with the error `time-limit-exceeded`. Default 60 seconds.
   */
  readonly timeLimit?: Duration.DurationInput
  /**
   * Maximum number of rows of a table in a response. The maximum applies to related rows too.
   * Further rows are left out without an error. Default: no limit.
   */
  readonly rowLimit?: number
  /**
   * Whether clients may aggregate. If not, the `_aggregate` fields do not exist for the clients.
   * Default true.
   */
  readonly allowAggregations?: boolean
  /** Whether clients may read the schema by introspection. Default true. */
  readonly introspection?: boolean
  /**
   * Whether each generation has two more tables, which are for tests of clients and do not exist in
   * the vendor's API. `every_type` has a column of every PostgreSQL type that Hasura treats
   * specially, and `every_type_part` has related rows. Default false.
   */
  readonly everyType?: boolean
}

/** A person who can sign in to a sandbox. */
export interface Person {
  readonly username: Username
  readonly password: Redacted.Redacted<string>
  readonly name: string
  /** The `sub` of the person's tokens. */
  readonly subject: string
  /** The buildings whose rows the person can read, or null for all buildings. */
  readonly buildingIds: ReadonlyArray<number> | null
}

/** The settings that an app needs for its sign-in. */
export interface SignIn {
  /**
   * The client id of a single-page app. It has no secret. Its callback may be any address of this
   * machine.
   */
  readonly clientId: string
  /**
   * The client id of a native application. It has no secret. It can use the device flow, and its
   * callback may be any port and path of `http://127.0.0.1` or `http://[::1]`.
   */
  readonly nativeClientId: string
  /**
   * The client id and the secret of a regular web app. Its callback may be any address of this
   * machine.
   */
  readonly web: {
    readonly clientId: string
    readonly clientSecret: Redacted.Redacted<string>
  }
  /** The audience of the tokens that the API accepts. */
  readonly audience: string
  readonly people: {
    /** A person who can read every building. */
    readonly manager: Person
    /** A person who can only read building 72. */
    readonly tenant: Person
  }
}

/** A running sandbox. */
export interface Service {
  /**
   * Base URLs of the generations and of the sign-in host, without a trailing slash. v1.5 and v2
   * share a base URL, as in the vendor's API. `login` is the URL of the sign-in host. Auth0 calls
   * the name of this host the domain.
   */
  readonly urls: Readonly<Record<ApiName | "login", string>>
  /** The credentials of a backend. */
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  readonly signIn: SignIn
  readonly control: Control
}

/**
 * The sandbox could not start. `reason` says whether a port, the database or an option cannot be
 * used. The message says what to do.
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

/**
 * The credentials are fixed, so that documents can contain whole command lines. The sandbox
 * protects no real data.
 */
const credentials = {
  clientId: "sandbox-client",
  clientSecret: "sandbox-secret-Zk3vQ8mT1xW7"
}

/**
 * Starts a sandbox that stops when the scope closes. Fails with a `SandboxError` if a port, the
 * database or an option cannot be used.
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
    const { initialLifetimes, port, seed, timeLimit, today } = yield* checkOptions(options)
    const clock = SandboxClock.make(today)
    const faults = FaultQueue.make(clock, seed)
    const log = RequestLog.make()
    const lifetimes = Lifetimes.make(initialLifetimes)
    const everyType = options.everyType ?? false
    const [key, compiler, { database, nights }] = yield* Effect.all(
      [
        SigningKey.make,
        Compiler.make({
          everyType,
          stringifyNumericTypes: options.stringifyNumericTypes ?? false
        }).pipe(
          Effect.mapError(
            ({ message }) =>
              new SandboxError({
                reason: "Database",
                message: `the thread that compiles operations could not be started: ${message}`
              })
          )
        ),
        Database.make({
          url: options.databaseUrl,
          seed,
          month: monthAt(clock.now()),
          cacheDirectory: options.cacheDirectory,
          everyType
        }).pipe(
          Effect.bindTo("database"),
          Effect.let("nights", ({ database }) => Nights.make(database, seed, clock)),
          Effect.tap(({ nights }) => nights.reach),
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
    const cors = Cors.make(options.allowedOrigins)
    const metricsHost = yield* listen(port, cors)
    const apiHost = yield* listen(port === 0 ? 0 : port + 1, cors)
    const loginHost = yield* listen(port === 0 ? 0 : port + 2, cors)
    const urls = {
      v1: `http://localhost:${metricsHost.port}`,
      "v1.5": `http://localhost:${apiHost.port}`,
      v2: `http://localhost:${apiHost.port}`,
      login: `http://localhost:${loginHost.port}`
    }
    // Auth0's issuers have a trailing slash too.
    const issuer = `${urls.login}/`
    const tokens = TokenAuthority.make({ clock, lifetimes, key, signInIssuer: issuer })
    const signIn = yield* SignInHost.make({
      clock,
      lifetimes,
      key,
      tokens,
      issuer,
      port: loginHost.port
    })
    const control = Controls.make({
      clock,
      faults,
      lifetimes,
      log,
      nights,
      role,
      tokens,
      signOut: signIn.signOut,
      endOutages: Effect.forEach([metricsHost, apiHost, loginHost], (host) => host.endOutage, {
        discard: true
      })
    })
    const shared = {
      clock,
      faults,
      log,
      server: {
        expireTokens: tokens.expireAll,
        // If the rows of this date are not published yet, there is nothing to restate.
        restate: (date: string) => Effect.ignore(nights.restate(date))
      },
      control: ControlEndpoint.make(control, cors),
      jwks: key.jwks
    }
    const token = TokenEndpoint.make(tokens, lifetimes, credentials)
    const graphql = (api: ApiName, verify: GraphqlEndpoint.Options["verify"]) =>
      ColumnChanges.make(
        database,
        tablesOf(api, everyType)(true),
        GraphqlEndpoint.make({
          api,
          compiler,
          database,
          clock,
          role: role.current,
          timeLimit,
          verify: (request) =>
            Effect.zipLeft(verify(request), Effect.mapError(nights.reach, fromDatabase))
        })
      )
    const byJwt = (api: ApiName) =>
      graphql(api, (request) => tokens.verifyAuthorization(api, request.headers["authorization"]))
    const bySession = yield* graphql("v2", (request) =>
      tokens.verifySession(request.headers["x-session-id"])
    )
    const tokenAt = (api: ApiName, path: string): Endpoint => ({
      api,
      kind: "token",
      path,
      answer: (request) => token(api, request),
      notes: grantTypeOf
    })
    const graphqlAt = (api: ApiName, path: string, answer: Endpoint["answer"]): Endpoint => ({
      api,
      kind: "graphql",
      path,
      answer,
      notes: operationNameOf
    })

    yield* metricsHost.serve(
      Router.make({
        ...shared,
        endpoints: [
          tokenAt("v1", "/api/rest/oauth/token"),
          graphqlAt("v1", "/", yield* byJwt("v1"))
        ]
      })
    )
    yield* apiHost.serve(
      Router.make({
        ...shared,
        endpoints: [
          tokenAt("v1.5", "/api/rest/oauth/token"),
          graphqlAt("v1.5", "/", yield* byJwt("v1.5")),
          tokenAt("v2", "/v2/oauth/token"),
          graphqlAt("v2", "/v2/api", bySession)
        ]
      })
    )
    yield* loginHost.serve(
      Router.make({ ...shared, endpoints: signIn.endpoints, other: signIn.other })
    )
    return {
      urls,
      clientId: credentials.clientId,
      clientSecret: Redacted.make(credentials.clientSecret),
      signIn: {
        clientId: clients.singlePage.clientId,
        nativeClientId: clients.native.clientId,
        web: {
          clientId: clients.web.clientId,
          clientSecret: Redacted.make(clients.web.clientSecret)
        },
        audience: TokenAuthority.audience,
        people: { manager: person(people.manager), tenant: person(people.tenant) }
      },
      control
    }
  })

const person = ({ buildings, name, password, subject, username }: Account): Person => ({
  username,
  password: Redacted.make(password),
  name,
  subject,
  buildingIds: buildings ?? null
})

/**
 * A sandbox as a layer. It starts when the layer is built and stops when the layer's scope closes.
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

const listen = (port: number, cors: Cors.Cors) =>
  Listener.listen(port, cors).pipe(
    Effect.mapError(
      (error) =>
        new SandboxError({
          reason: "Port",
          message:
            `cannot listen on port ${error.port} of localhost: ${error.message}. ` +
            "Choose another port, or 0 for any free one. A given port also needs the two ports after it"
        })
    )
  )

const checkOptions = (options: Options) =>
  Effect.suspend(() => {
    const message = problemOf(options)
    if (message !== undefined) return new SandboxError({ reason: "Options", message })
    const {
      port = 0,
      refreshTokenLifetime = "30 days",
      seed = 1,
      sessionLifetime = "3 days",
      timeLimit = "60 seconds",
      tokenLifetime = "24 hours"
    } = options
    const initialLifetimes = {
      token: seconds(tokenLifetime),
      refreshToken: seconds(refreshTokenLifetime),
      session: seconds(sessionLifetime)
    }
    return Effect.succeed({
      port,
      seed,
      initialLifetimes,
      timeLimit: seconds(timeLimit),
      today: instant(options.today)
    })
  })

/**
 * The functions that tests use in the page. They are bundled, and served as the page's only script.
 */
import { type Auth0Client, createAuth0Client } from "@auth0/auth0-spa-js"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { BrowserMetrics, BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as MetricsError from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { building_features } from "@innerspace-metrics/core/v1"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"

/** The sandbox's addresses and credentials. */
export interface Place {
  /** Base URL of the API. */
  readonly api: string
  /** The source of this page's tokens. */
  readonly tokens: string
  readonly clientId: string
  readonly clientSecret: string
}

/** The outcome of a call, in a form that can leave the page. */
export interface Outcome {
  readonly rows?: number
  readonly tag?: string
  readonly reason?: string
  readonly problem?: string
  readonly hint?: string
  readonly isRetryable?: boolean
  readonly attempts?: number | undefined
  /** The wait that the error asks for, in milliseconds. */
  readonly retryAfter?: number | undefined
  /** The printed error. */
  readonly printed?: string
}

const query = Query.from(building_features, {
  select: ["date_time_start"],
  where: { building_id: 71 },
  limit: 1,
  operationName: "one"
})

const outcome = (promise: Promise<ReadonlyArray<unknown>>): Promise<Outcome> =>
  promise.then(
    (rows) => ({ rows: rows.length }),
    (error: unknown) =>
      MetricsError.isMetricsError(error)
        ? {
            tag: error._tag,
            reason: error.reason,
            problem: error.problem,
            hint: error.hint,
            isRetryable: error.isRetryable,
            attempts: error.attempts,
            retryAfter: error.retryAfter && Duration.toMillis(error.retryAfter),
            printed: `${error} ${error.stack} ${JSON.stringify(error)} ${JSON.stringify(Object.getOwnPropertyNames(error).map((name) => Reflect.get(error, name)))}`
          }
        : { tag: "Unknown", problem: String(error) }
  )

const nameOf = (error: unknown): string =>
  MetricsError.isMetricsError(error) ? `${error._tag} ${error.reason}` : String(error)

/**
 * Returns every text that code can get from a value: the printed value, the value as sent to
 * another page, and all properties of the value and of its prototypes.
 */
const everythingOf = (value: unknown): ReadonlyArray<string> => {
  const texts: Array<string> = []
  const seen = new Set<unknown>()
  const walk = (part: unknown): void => {
    if (typeof part === "string") texts.push(part)
    if ((typeof part !== "object" && typeof part !== "function") || part === null) return
    if (seen.has(part)) return
    seen.add(part)
    if (part instanceof Map || part instanceof Set) for (const entry of part) walk(entry)
    for (let owner: object | null = part; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
      // The prototypes of all objects and of all functions are left out, because they lead to every
      // function of the page, but to no error.
      if (owner === Object.prototype || owner === Function.prototype) break
      for (const key of Reflect.ownKeys(owner)) {
        texts.push(String(key))
        try {
          walk(Reflect.get(owner, key, part))
        } catch {
          // A getter of a prototype can fail for this value.
        }
      }
    }
  }
  walk(value)
  texts.push(String(value), JSON.stringify(value) ?? "")
  try {
    walk(structuredClone(value))
  } catch {
    // A value that contains a function cannot be sent to another page.
  }
  texts.push(Cause.pretty(Cause.fail(value), { renderErrorCause: true }))
  return texts
}

/** A token of the sandbox, as a sign-in would get it. */
const issueToken = async (place: Place): Promise<string> => {
  const response = await fetch(`${place.tokens}/api/rest/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_id: place.clientId, client_secret: place.clientSecret })
  })
  return Reflect.get(Object(await response.json()), "access_token")
}

/** An unsigned JWT. */
const jwt = (claims: object): string =>
  ["{}", JSON.stringify(claims), "signature"]
    .map((part) => btoa(part).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""))
    .join(".")

const client = (
  place: Pick<Place, "api">,
  token: BrowserTokenProvider.Source,
  options: Partial<BrowserMetrics.Options> = {}
) => createMetricsClient({ token, api: Api.withBaseUrl(Api.v1, place.api), ...options })

const tools = {
  Api,
  BrowserMetrics,
  BrowserTokenProvider,
  Effect,
  FetchHttpClient,
  Layer,
  Logger,
  MetricsClient,
  MetricsError,
  QueryBuilder,
  Redacted,
  RetryPolicy,
  client,
  createAuth0Client,
  everythingOf,
  issueToken,
  jwt,
  nameOf,
  outcome,
  query,
  /** Values that a test keeps for the next step in the page. */
  kept: new Map<string, unknown>(),
  auth0: undefined as Auth0Client | undefined,
  metrics: undefined as ReturnType<typeof createMetricsClient> | undefined,
  asked: [] as Array<unknown>
}

declare global {
  var app: App
}

/** Everything that `app` offers to tests. */
export type App = typeof tools

globalThis.app = tools

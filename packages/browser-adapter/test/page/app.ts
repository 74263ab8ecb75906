/** What the tests use in the page. Bundled, and served as the page's only script. */
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
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"

/** How to reach the sandbox, and who logs in there. */
export interface Place {
  /** Base URL of the API. */
  readonly api: string
  /** Where this page's tokens come from. */
  readonly tokens: string
  readonly clientId: string
  readonly clientSecret: string
}

/** What a call came to, in a form that leaves the page. */
export interface Outcome {
  readonly rows?: number
  readonly tag?: string
  readonly reason?: string
  readonly problem?: string
  readonly hint?: string
  readonly isRetryable?: boolean
  readonly attempts?: number | undefined
  /** Everything that printing the error shows. */
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
            printed: `${error} ${error.stack} ${JSON.stringify(error)} ${JSON.stringify(Object.getOwnPropertyNames(error).map((name) => Reflect.get(error, name)))}`
          }
        : { tag: "Unknown", problem: String(error) }
  )

/** A token of the sandbox's, as a sign-in would get it. */
const issueToken = async (place: Place): Promise<string> => {
  const response = await fetch(`${place.tokens}/api/rest/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_id: place.clientId, client_secret: place.clientSecret })
  })
  return Reflect.get(Object(await response.json()), "access_token")
}

/** A JWT that nobody signed. */
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
  issueToken,
  jwt,
  outcome,
  query,
  /** Where a test keeps what the next step in the page needs. */
  kept: new Map<string, unknown>(),
  auth0: undefined as Auth0Client | undefined,
  metrics: undefined as ReturnType<typeof createMetricsClient> | undefined,
  asked: [] as Array<unknown>
}

declare global {
  var app: App
}

/** All of it. */
export type App = typeof tools

globalThis.app = tools

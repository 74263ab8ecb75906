/** What the checks share: settings, requests, and a client if there is a login. */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as AccessToken from "@innerspace-metrics/core/AccessToken"
import type { MetricsClient } from "@innerspace-metrics/core/MetricsClient"
import type { AuthError, ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type { World } from "../frame/world.js"
import type { Settings } from "../settings/settings.js"
import type { Line } from "./line.js"

export interface Probe {
  readonly world: World
  readonly settings: Settings
  readonly post: Post
  readonly metrics: MetricsClient
  /**
   * Whether the report must have this line. A check whose lines are not wanted sends no request.
   */
  readonly isWanted: (id: string) => boolean
  /** The token, which is fetched once, and only if a check needs it. */
  readonly token: Effect.Effect<Token>
}

/** The token of the calls, or the reason why there is none. */
export type Token = Either.Either<AccessToken.AccessToken, AuthError | ConfigurationError>

export interface ProbeWithToken extends Omit<Probe, "token"> {
  readonly token: Token
}

/** A group of checks. */
export type Check = (probe: Probe) => Effect.Effect<ReadonlyArray<Line>>

export const withToken =
  (check: (probe: ProbeWithToken) => Effect.Effect<ReadonlyArray<Line>>): Check =>
  (probe) =>
    Effect.flatMap(probe.token, (token) => check({ ...probe, token }))

export interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly text: string
  /** When the request was sent, in milliseconds. */
  readonly sentAt: number
  readonly receivedAt: number
}

export type Post = (
  url: string,
  headers: { readonly [name: string]: string },
  body: string
) => Effect.Effect<Answer, string>

/** Sends requests over the same connections, proxies and certificates as calls. */
export const makePost: Effect.Effect<Post, never, HttpClient.HttpClient> = Effect.map(
  HttpClient.HttpClient,
  (http): Post =>
    (url, headers, body) =>
      Effect.gen(function* () {
        const sentAt = yield* Clock.currentTimeMillis
        const { "content-type": type = "application/json", ...others } = headers
        const request = HttpClientRequest.post(url, { headers: others }).pipe(
          HttpClientRequest.bodyText(body, type)
        )
        const response = yield* http.execute(request)
        const receivedAt = yield* Clock.currentTimeMillis
        const text = yield* response.text
        return { status: response.status, headers: response.headers, text, sentAt, receivedAt }
      }).pipe(
        Effect.scoped,
        Effect.timeout("20 seconds"),
        Effect.mapError((error) =>
          error._tag === "TimeoutException" ? "no response in 20 seconds" : reasonOf(error)
        )
      )
)

/**
 * The message of the innermost cause. This message says the most, for example that a host name has
 * no address.
 */
const reasonOf = (error: { readonly cause?: unknown; readonly message: string }): string => {
  let reason = error.message
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause.message !== "") reason = cause.message
  }
  return reason
}

export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The value at a path in JSON. */
export const at = (json: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    json
  )

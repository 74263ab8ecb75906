/** One call from its start to its rows: token, attempts, replay, deadline. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import type { AccessToken } from "../AccessToken.js"
import * as HttpExchange from "../HttpExchange.js"
import type { JsonObject, JsonValue } from "../JsonValue.js"
import { AuthError, type CallError, type DecodeError, QueryError } from "../MetricsError.js"
import type { RetryPolicy } from "../RetryPolicy.js"
import * as telemetry from "../Telemetry.js"
import type { TokenProviderService } from "../TokenProvider.js"
import type { Limit } from "./permits.js"
import * as Progress from "./progress.js"
import { readAnswer, type TokenRefused } from "./readAnswer.js"
import type { RetryBudget } from "./retryBudget.js"
import { retrySchedule } from "./retrySchedule.js"
import { strikeOutJson } from "./strikeOutJson.js"

/** What one call sends and how it reads the answer. */
export interface Call<A> {
  readonly operationName: string | undefined
  readonly document: string
  readonly variables: JsonObject
  readonly decode: (data: JsonValue) => Effect.Effect<A, DecodeError>
}

/** What all calls of a client share. */
export interface Connection {
  readonly url: string
  readonly tokens: TokenProviderService
  readonly exchange: HttpExchange.Exchange<HttpExchange.PostRequest>
  readonly traceHeaders: boolean
  readonly budget: RetryBudget
  /** What each request waits for before it is sent. */
  readonly limit: Limit | undefined
  /** Where equal calls share one answer. */
  readonly share:
    | ((
        key: string,
        effect: Effect.Effect<Answered, CallError>
      ) => Effect.Effect<Answered, CallError>)
    | undefined
}

/** Data, and what it took to get it. */
export interface Answered {
  readonly data: JsonValue
  readonly progress: Progress.Progress
}

export const caller =
  (connection: Connection) =>
  <A>(call: Call<A>, policy: RetryPolicy): Effect.Effect<A, CallError> =>
    Effect.flatMap(requestBody(call), (body) => {
      const answer = answered(connection, call.operationName, body, policy)
      return connection.share === undefined
        ? answer
        : connection.share(`${JSON.stringify(policy)} ${body}`, answer)
    }).pipe(
      Effect.flatMap(({ data, progress }) =>
        // An error shows the beginning of what it found, and a token cut short would not be recognised: so it is made from
        // data without one.
        Effect.catchAll(call.decode(data), (error) =>
          Effect.zipRight(call.decode(strikeOutJson(data, progress.secrets)), Effect.fail(error))
        ).pipe(Effect.catchAll((error) => Progress.failed(progress, error)))
      ),
      Effect.tapError((error) =>
        Effect.annotateCurrentSpan("error.type", `${error._tag}.${error.reason}`)
      ),
      Effect.withSpan(
        call.operationName === undefined ? "graphql" : `query ${call.operationName}`,
        {
          kind: "client",
          captureStackTrace: false,
          attributes: spanAttributes(connection.url, call.operationName)
        }
      )
    )

/** The answer's data, after all attempts, or what failed in the end. */
const answered = (
  connection: Connection,
  operationName: string | undefined,
  body: string,
  policy: RetryPolicy
): Effect.Effect<Answered, CallError> =>
  // Not as a generator: making one anew for each call costs more than most of what is in here.
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.flatMap(Progress.begin(operationName, now), (progress) =>
      attempt(connection, body, progress).pipe(
        Effect.tapError((failure) => noteFailure(progress, failure)),
        Effect.retry(whenToRetry(connection, policy, now, progress)),
        Effect.timeoutFail({
          duration: policy.deadline,
          onTimeout: () => Progress.deadlineExceeded(policy, progress)
        }),
        Effect.map((data) => {
          if (progress.retries > 0) connection.budget.giveBack()
          else connection.budget.succeededAtOnce()
          return { data, progress }
        }),
        Effect.tapError(() =>
          progress.isOverBudget ? Metric.increment(telemetry.retriesRefused) : Effect.void
        ),
        Effect.catchAll((error) => Progress.failed(progress, error)),
        Effect.onInterrupt(() =>
          Effect.sync(() => {
            if (progress.awaited === "retry") connection.budget.giveBack()
          })
        ),
        Effect.tapBoth({
          onFailure: () => annotateSpan(progress),
          onSuccess: () => annotateSpan(progress)
        })
      )
    )
  )

/** A refused token, and what the server said of it. */
interface Refusal extends TokenRefused {
  readonly token: AccessToken
}

/** One attempt; a second request only where the token was refused, and with one new token in a call. */
const attempt = (
  connection: Connection,
  body: string,
  progress: Progress.Progress
): Effect.Effect<JsonValue, CallError> =>
  Effect.flatMap(countRetry(awaitToken(connection, progress), progress), (token) =>
    Effect.catchTag(send(connection, body, token, progress), "TokenRefused", (refusal) =>
      Effect.zipRight(
        connection.tokens.invalidate(refusal.token),
        progress.hasReplayed
          ? Effect.fail(tokenRefused(refusal))
          : replay(connection, body, refusal, progress)
      )
    )
  )

const countRetry = <A, E>(
  effect: Effect.Effect<A, E>,
  progress: Progress.Progress
): Effect.Effect<A, E> =>
  Effect.suspend(() =>
    progress.retries === 0 ? effect : Effect.zipRight(Metric.increment(telemetry.retries), effect)
  )

const awaitToken = (
  connection: Connection,
  progress: Progress.Progress
): Effect.Effect<AccessToken, AuthError> =>
  Effect.zipRight(Progress.wait(progress, "token"), connection.tokens.get)

const replay = (
  connection: Connection,
  body: string,
  refusal: Refusal,
  progress: Progress.Progress
): Effect.Effect<JsonValue, CallError> =>
  Effect.flatMap(awaitToken(connection, progress), (token) => {
    // A provider that has no other token to give cannot do better by being asked again.
    if (Redacted.value(token.value) === Redacted.value(refusal.token.value)) {
      return Effect.fail(tokenRefused(refusal))
    }
    progress.hasReplayed = true
    return Effect.zipRight(
      Metric.increment(telemetry.replays),
      send(connection, body, token, progress)
    ).pipe(
      Effect.catchTag("TokenRefused", (again) =>
        Effect.zipRight(
          connection.tokens.invalidate(again.token),
          again.token.isShared
            ? replay(connection, body, again, progress)
            : Effect.fail(tokenRefused(again))
        )
      )
    )
  })

/** A request that waits for its turn and is sent. */
const send = (
  connection: Connection,
  body: string,
  token: AccessToken,
  progress: Progress.Progress
): Effect.Effect<JsonValue, CallError | Refusal> =>
  connection.limit === undefined
    ? sendNow(connection, body, token, progress)
    : Effect.zipRight(
        Progress.wait(progress, "turn"),
        connection.limit(
          // A token does not last for as long as a turn may take to come.
          Effect.flatMap(awaitToken(connection, progress), (token) =>
            sendNow(connection, body, token, progress)
          )
        )
      )

const sendNow = (
  connection: Connection,
  body: string,
  token: AccessToken,
  progress: Progress.Progress
): Effect.Effect<JsonValue, CallError | Refusal> =>
  Effect.zipRight(Progress.wait(progress, "answer"), traceHeaders(connection)).pipe(
    Effect.flatMap((trace) => {
      progress.attempts++
      const secrets = [token.value]
      progress.secrets = secrets
      const credential = Redacted.value(token.value)
      const request = {
        url: connection.url,
        headers: {
          ...trace,
          accept: "application/json",
          "content-type": "application/json",
          [token.header.name]:
            token.header.scheme === undefined ? credential : `${token.header.scheme} ${credential}`,
          "x-request-id": progress.requestId
        },
        secretHeader: token.header.name,
        body
      }
      return connection.exchange(request, secrets).pipe(
        Effect.flatMap((answer) => {
          progress.status = answer.status
          progress.requestId = HttpExchange.strikeOut(
            answer.headers["x-request-id"] ?? progress.requestId,
            secrets
          )
          return readAnswer(answer, secrets)
        }),
        Effect.mapError((error) => (error._tag === "TokenRefused" ? { ...error, token } : error))
      )
    })
  )

/** W3C Trace Context of the call's span, and Zipkin's form of it: what the platform's clients send. */
const traceHeaders = (
  connection: Connection
): Effect.Effect<{ readonly [name: string]: string }> =>
  connection.traceHeaders
    ? Effect.match(Effect.currentSpan, {
        onFailure: () => ({}),
        onSuccess: ({ parent, sampled, spanId, traceId }) => ({
          b3: [
            traceId,
            spanId,
            sampled ? "1" : "0",
            ...Option.match(parent, { onNone: () => [], onSome: (parent) => [parent.spanId] })
          ].join("-"),
          traceparent: `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`
        })
      })
    : Effect.succeed({})

const requestBody = <A>(call: Call<A>): Either.Either<string, QueryError> =>
  Either.try({
    try: () =>
      JSON.stringify({
        operationName: call.operationName,
        variables: call.variables,
        query: call.document
      }),
    catch: () =>
      new QueryError({
        reason: "InvalidValue",
        problem: "The variables of the operation cannot be written as JSON",
        hint: "Give plain JSON values: no bigint, no cycle"
      })
  })

/** A token provider tries again by itself; to do it here as well would multiply the requests. */
const whenToRetry = (
  { budget }: Connection,
  policy: RetryPolicy,
  begunAt: number,
  progress: Progress.Progress
) =>
  retrySchedule(policy, begunAt + Duration.toMillis(policy.deadline), (now) => {
    progress.isOverBudget = !budget.spend(policy)
    if (progress.isOverBudget) return false
    progress.retries++
    Progress.waitFrom(progress, "retry", now)
    return true
  }).pipe(
    Schedule.mapInput((error: CallError) => ({
      isRetryable: error.isRetryable && error._tag !== "AuthError",
      retryAfter: error.retryAfter
    }))
  )

const noteFailure = (progress: Progress.Progress, failure: CallError): Effect.Effect<void> =>
  Effect.sync(() => {
    progress.lastFailure = failure
  })

const tokenRefused = (refusal: TokenRefused): AuthError =>
  new AuthError({
    reason: "TokenRefused",
    problem: `The API refused a token that was new: ${refusal.problem}`,
    hint: "Check that the credentials belong to this API generation and base URL, and this machine's clock",
    status: refusal.status
  })

/** OpenTelemetry's semantic conventions for GraphQL and for HTTP clients. */
const spanAttributes = (url: string, operationName: string | undefined) => {
  const { hostname, port, protocol } = new URL(url)
  return {
    "graphql.operation.type": "query",
    ...(operationName === undefined ? {} : { "graphql.operation.name": operationName }),
    "server.address": hostname,
    "server.port": port === "" ? (protocol === "https:" ? 443 : 80) : Number(port)
  }
}

const annotateSpan = (progress: Progress.Progress): Effect.Effect<void> =>
  Effect.annotateCurrentSpan({
    "http.request.resend_count": Math.max(0, progress.attempts - 1),
    "innerspace.request.id": progress.requestId,
    ...(progress.status === undefined ? {} : { "http.response.status_code": progress.status })
  })

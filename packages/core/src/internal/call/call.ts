/** One call from its start to its rows: token, attempts, replay, deadline. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Tracer from "effect/Tracer"
import { type AccessToken, isSame } from "../../AccessToken.js"
import type { Version } from "../../Api.js"
import * as HttpExchange from "../../HttpExchange.js"
import type { JsonObject, JsonValue } from "../../JsonValue.js"
import {
  AuthError,
  type CallError,
  type DecodeError,
  type GraphQLError,
  QueryError,
  type ResponseError,
  TransportError
} from "../../MetricsError.js"
import * as telemetry from "../../Telemetry.js"
import type { TokenProviderService } from "../../TokenProvider.js"
import type { Terms, TimedExchange } from "../http/exchange.js"
import { hostOf } from "../http/hostOf.js"
import type { Limit } from "../limits/concurrency.js"
import { isPaused, leftOf, type Pause, pauseAfter, stillLimited } from "../limits/pause.js"
import type { RetryBudget } from "../limits/retryBudget.js"
import { retrySchedule } from "../limits/retrySchedule.js"
import { millisOf } from "../monotonic.js"
import { redactError } from "../redact/shownValues.js"
import type { ExactCells } from "../rows/exactCells.js"
import * as TokenHistory from "../token/history.js"
import * as TokenAtHand from "../token/peek.js"
import { firewallHint, readAnswer, type TakeData, type TokenRefused } from "./readAnswer.js"
import type { Share, Work } from "./share.js"
import * as Progress from "./state.js"

/** What one call sends and how it reads the answer. */
export interface Call<A> {
  readonly operationName: string | undefined
  readonly document: string
  readonly variables: JsonObject
  /** Cells that are read with all of their digits. */
  readonly exact?: ExactCells
  /** Data that is nobody else's, and may be changed. */
  readonly decode: (data: JsonValue) => Effect.Effect<A, DecodeError>
}

/** What all calls of a client share. */
export interface Connection {
  readonly url: string
  readonly version: Version
  readonly tokens: TokenProviderService
  readonly exchange: TimedExchange
  /** How long one attempt may take from when it is sent. */
  readonly timeout: Duration.Duration
  readonly traceHeaders: boolean
  readonly budget: RetryBudget
  /** What each request waits for before it is sent. */
  readonly limit: Limit | undefined
  readonly pause: Pause
  /** How equal calls share one answer. */
  readonly share: Share<Answered, CallError>
}

/** Data, and what it took to get it. */
export interface Answered {
  readonly take: TakeData
  readonly progress: Progress.Progress
}

export const caller = (connection: Connection) => {
  const server = serverAttributes(connection.url)
  return <A>(call: Call<A>, policy: Progress.CallPolicy): Effect.Effect<A, CallError> =>
    // The services are read at once, and what can do without a step of Effect does: all of a call
    // is worth some thirty of them.
    Effect.withFiberRuntime((fiber) => {
      const services = fiber.getFiberRef(DefaultServices.currentServices)
      const name = call.operationName
      const begin = (span: Tracer.Span | undefined) =>
        Effect.flatMap(Context.get(services, Random.Random).nextIntBetween(0, 2 ** 53), (id) => {
          const clock = Context.get(services, Clock.Clock)
          return rows(connection, call, Progress.begin(name, policy, clock, span, id))
        })
      // Effect's own tracer gives spans to nobody.
      if (Context.get(services, Tracer.Tracer) === ownTracer && !connection.traceHeaders) {
        return begin(undefined)
      }
      return Effect.useSpan(
        name === undefined ? "graphql" : `query ${name}`,
        { kind: "client", captureStackTrace: false, attributes: server },
        (span) => {
          span.attribute("graphql.operation.type", "query")
          if (name !== undefined) span.attribute("graphql.operation.name", name)
          return Effect.mapError(begin(span), (error) => {
            span.attribute("error.type", `${error._tag}.${error.reason}`)
            return error
          })
        }
      )
    })
}

const ownTracer = /* @__PURE__ */ Context.get(DefaultServices.liveServices, Tracer.Tracer)

/** What the call decodes of the answer. */
const rows = <A>(
  connection: Connection,
  call: Call<A>,
  progress: Progress.Progress
): Effect.Effect<A, CallError> => {
  const body = requestBody(call)
  if (Either.isLeft(body)) return Effect.fail(body.left)
  const work = workOf({ connection, body: body.right, progress })
  const answer = connection.share(body.right, progress.policy, work)
  return Effect.flatMap(answer, ({ progress, take }) =>
    Effect.mapError(call.decode(take(call.exact)), (error) =>
      Progress.failed(progress, redactError(error, progress.secrets))
    )
  )
}

/**
 * In a scope of its own: it is kept for longer than the call, and would keep the query and the
 * document if those were in it.
 */
const workOf = (self: Attempt): Work<Answered, CallError> => ({
  begin: () => answered(self),
  end: () => self.progress.underWay.abort?.()
})

/** The answer's data, after all attempts, or what failed in the end. */
const answered = (self: Attempt): Effect.Effect<Answered, CallError> => {
  const { connection, progress } = self
  const onSuccess = (take: TakeData) => {
    Progress.describe(progress)
    if (progress.retries > 0) connection.budget.giveBack()
    else connection.budget.succeededAtOnce()
    return Effect.succeed({ take, progress })
  }
  return Effect.matchEffect(attempt(self), {
    onFailure: (failure) =>
      Effect.matchEffect(again(failure, self), {
        onFailure: (error) => {
          Progress.describe(progress)
          return Effect.zipRight(
            progress.isOverBudget ? Metric.increment(telemetry.retriesRefused) : Effect.void,
            Effect.fail(Progress.failed(progress, error))
          )
        },
        onSuccess
      }),
    onSuccess
  })
}

/**
 * The attempts after the first, which has failed: most calls have none, and do without the state of
 * a schedule.
 */
const again = (failure: CallError, self: Attempt): Effect.Effect<TakeData, CallError> => {
  const { connection, progress } = self
  let next: Effect.Effect<TakeData, CallError> = Effect.fail(failure)
  const counted = Effect.zipRight(
    Metric.increment(telemetry.retries),
    Effect.suspend(() => attempt(self))
  )
  return Effect.suspend(() => {
    const current = next
    next = counted
    return current
  }).pipe(
    Effect.mapError((failure) => {
      progress.lastFailure = failure
      return failure
    }),
    Effect.retry(whenToRetry(connection.budget, progress)),
    Effect.onInterrupt(() =>
      Effect.sync(() => {
        if (progress.awaited === "retry") connection.budget.giveBack()
      })
    )
  )
}

/** What the steps of an attempt work on. */
interface Attempt {
  readonly connection: Connection
  readonly body: string
  readonly progress: Progress.Progress
}

/** A refused token, and what the server said of it. */
interface Refusal extends TokenRefused {
  readonly token: AccessToken
}

/** What an answer says. */
type Said = Either.Either<TakeData, GraphQLError | ResponseError | Refusal>

/**
 * A token, a request, and what its answer says. If the API refuses the token, the request is sent
 * again with the next one, once in a call, wherever that one comes from.
 */
const attempt = (self: Attempt, refused?: Refusal): Effect.Effect<TakeData, CallError> => {
  const { connection, progress } = self
  const next = refused === undefined ? tokenFor(self) : nextToken(self, refused)
  return Effect.flatMap(next, (token) => {
    const sent = Effect.flatMap(send(self, token), (said) => {
      if (Either.isRight(said)) return Effect.succeed(said.right)
      const failure = said.left
      if (failure._tag !== "TokenRefused") return Effect.fail(failure)
      return Effect.zipRight(
        connection.tokens.invalidate(failure.token),
        progress.hasReplayed ? Effect.fail(tokenRefused(failure)) : attempt(self, failure)
      )
    })
    if (refused === undefined) return sent
    progress.hasReplayed = true
    return Effect.zipRight(Metric.increment(telemetry.replays), sent)
  })
}

/**
 * A token in place of a refused one. Without one, the refusal says more than a provider that has no
 * other to give.
 */
const nextToken = (
  self: Attempt,
  refused: Refusal
): Effect.Effect<AccessToken, AuthError | TransportError> =>
  Effect.matchEffect(
    Effect.suspend(() => tokenFor(self)),
    {
      onFailure: (error) =>
        Effect.fail(
          error._tag === "AuthError" && error.reason === "TokenRefused"
            ? tokenRefused(refused, error.retryAfter)
            : error
        ),
      onSuccess: (token) =>
        isSame(token, refused.token) ? Effect.fail(tokenRefused(refused)) : Effect.succeed(token)
    }
  )

const tokenFor = (self: Attempt): Effect.Effect<AccessToken, AuthError | TransportError> => {
  const { connection, progress } = self
  const { clock, span } = progress
  Progress.waitFor(progress, "token")
  const { get } = connection.tokens
  const token = TokenAtHand.find(get, clock)
  return token === undefined
    ? beforeDeadline(progress, span === undefined ? get : Effect.withParentSpan(get, span))
    : Effect.succeed(token)
}

/** What is waited for is bounded here, but for an answer, which has limits of its own. */
const beforeDeadline = <A, E>(
  progress: Progress.Progress,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E | TransportError> =>
  // Also within what cannot be interrupted, as a batch of requests is.
  Effect.timeoutFail(Effect.interruptible(effect), {
    duration: progress.deadline - millisOf(progress.clock),
    onTimeout: () => Progress.deadlineExceeded(progress)
  })

/** A request that waits for its turn and is sent. */
const send = (self: Attempt, token: AccessToken): Effect.Effect<Said, CallError> => {
  const { connection, progress } = self
  if (isPaused(connection.pause, progress.clock)) return whenPauseEnds(self)
  if (connection.limit === undefined) return sendNow(self, token)
  Progress.waitFor(progress, "turn")
  return Effect.flatMap(
    beforeDeadline(
      progress,
      connection.limit(
        // A token does not last for as long as a turn may take to come.
        Effect.suspend(() =>
          Effect.flatMap(tokenFor(self), (token) =>
            // The turn goes to the next caller, which may have a deadline that ends before the
            // pause.
            isPaused(connection.pause, progress.clock)
              ? Effect.succeed(undefined)
              : sendNow(self, token)
          )
        ).pipe(
          // The turn is over when the request is, and not before.
          Effect.onInterrupt(() => Effect.sync(() => progress.underWay.abort?.()))
        )
      )
    ),
    (said) => (said === undefined ? whenPauseEnds(self) : Effect.succeed(said))
  )
}

/**
 * Nothing is sent before, since a server may prolong its limit for each request that comes too
 * early.
 */
const whenPauseEnds = (self: Attempt): Effect.Effect<Said, CallError> => {
  const { connection, progress } = self
  Progress.waitFor(progress, "turn")
  const wait = leftOf(connection.pause, progress.clock)
  if (wait >= progress.deadline - progress.awaitedSince) {
    return Effect.fail(stillLimited(wait))
  }
  // Not all at once.
  const spread = Duration.toMillis(progress.policy.baseDelay)
  return Effect.flatMap(
    beforeDeadline(
      progress,
      Effect.flatMap(Random.next, (random) => Effect.sleep(wait + random * spread))
    ),
    () => Effect.flatMap(tokenFor(self), (token) => send(self, token))
  )
}

const sendNow = (self: Attempt, token: AccessToken): Effect.Effect<Said, CallError> => {
  const { connection, progress } = self
  Progress.waitFor(progress, "answer")
  progress.attempts++
  // A server may send back an earlier token of the call as well, such as the one that it just
  // refused.
  if (!progress.secrets.includes(token.value)) progress.secrets = [...progress.secrets, token.value]
  const { secrets } = progress
  return Effect.map(
    connection.exchange(request(self, token), secrets, terms(connection, progress)),
    (answer) => {
      progress.status = answer.status
      const requestId = answer.headers["x-request-id"]
      if (requestId !== undefined) progress.requestId = HttpExchange.strikeOut(requestId, secrets)
      const said = readAnswer(answer, secrets, connection.version)
      if (Either.isRight(said)) TokenHistory.noteAccepted(token)
      return Either.mapLeft(said, (error) => {
        if (error._tag === "TokenRefused") return { ...error, token }
        pauseAfter(error, connection.pause, progress.clock)
        return error
      })
    }
  )
}

/**
 * The attempt's own limit or the call's, whichever comes first. The attempt's runs from when it is
 * sent.
 */
const terms = (connection: Connection, progress: Progress.Progress): Terms => {
  const { awaited, awaitedSince, clock, deadline, span, underWay } = progress
  const until =
    awaited === "answer" ? awaitedSince + Duration.toMillis(connection.timeout) : deadline
  return {
    clock,
    until: Math.min(until, deadline),
    exceeded: () => (until < deadline ? timedOut(connection) : Progress.deadlineExceeded(progress)),
    span,
    underWay,
    waitFor: (awaited) => {
      Progress.waitFor(progress, awaited)
      return terms(connection, progress)
    }
  }
}

const request = (
  { body, connection, progress: { requestId, span } }: Attempt,
  token: AccessToken
): HttpExchange.PostRequest => {
  const { name, scheme } = token.header
  const credential = Redacted.value(token.value)
  const headers: { [name: string]: string } = {
    accept: "application/json",
    "content-type": "application/json",
    "x-request-id": requestId
  }
  if (connection.traceHeaders && span !== undefined) {
    headers["traceparent"] = `00-${span.traceId}-${span.spanId}-0${span.sampled ? 1 : 0}`
  }
  headers[name] = scheme === undefined ? credential : `${scheme} ${credential}`
  return { url: connection.url, headers, secretHeader: name, body }
}

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

const whenToRetry = (budget: RetryBudget, progress: Progress.Progress) =>
  retrySchedule(
    progress.policy,
    () => progress.deadline,
    (failure: CallError) => {
      // A token provider tries again by itself; to do it here as well would multiply the requests.
      if (failure._tag === "AuthError" || progress.policy.mayRetry?.(failure) === false) {
        return false
      }
      progress.isOverBudget = !budget.spend(progress.policy)
      if (progress.isOverBudget) return false
      progress.retries++
      Progress.waitFor(progress, "retry")
      return true
    }
  )

const timedOut = ({ timeout, url }: Connection): TransportError =>
  new TransportError({
    reason: "Timeout",
    problem: `No complete answer from ${hostOf(url)} within ${Duration.format(timeout)}`,
    hint: "Ask for less at a time, or raise the timeout"
  })

const tokenRefused = (refusal: TokenRefused, retryAfter?: Duration.Duration): AuthError =>
  new AuthError({
    reason: "TokenRefused",
    problem: `${refusal.isForeign ? "A new token was refused" : "The API refused a token that was new"}${refusal.said}`,
    hint: refusal.isForeign
      ? firewallHint
      : "Check that the credentials belong to this API generation and base URL, and this machine's clock",
    status: refusal.status,
    excerpt: refusal.excerpt,
    retryAfter
  })

/** OpenTelemetry's semantic conventions for HTTP clients; those for GraphQL are the call's. */
const serverAttributes = (url: string) => {
  const { hostname, port, protocol } = new URL(url)
  return {
    "server.address": hostname,
    "server.port": port === "" ? (protocol === "https:" ? 443 : 80) : Number(port)
  }
}

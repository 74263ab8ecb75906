/**
 * Runs one attempt of a call: gets a token, waits until the client's limits allow a request, sends
 * the request, and reads the response. If the API refuses the token, the request is sent once more
 * with another token.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import { type AccessToken, isSame } from "../../AccessToken.js"
import type { Api } from "../../Api.js"
import * as HttpExchange from "../../HttpExchange.js"
import {
  AuthError,
  type CallError,
  type GraphQLError,
  type ResponseError,
  TransportError
} from "../../MetricsError.js"
import * as telemetry from "../../Telemetry.js"
import type { TokenProvider } from "../../TokenProvider.js"
import { toAnswer } from "../http/body.js"
import type { Terms, TimedExchange } from "../http/exchange.js"
import { hostOf } from "../http/failures.js"
import type { Limit } from "../limits/concurrency.js"
import { isPaused, leftOf, type Pause, pauseAfter, stillLimited } from "../limits/pause.js"
import type { RetryBudget } from "../limits/retryBudget.js"
import { millisOf } from "../monotonic.js"
import * as TokenHistory from "../token/history.js"
import { peek } from "../token/peek.js"
import { firewallHint, readAnswer, type TokenRefused } from "./readAnswer.js"
import * as CallState from "./state.js"
import type { TakeData } from "./takeData.js"

/** State and settings that all attempts of a client's calls share. */
export interface Connection {
  readonly url: string
  readonly version: Api["version"]
  readonly tokens: TokenProvider
  readonly exchange: TimedExchange
  /** How long one attempt may take, from the time when its request is sent. */
  readonly timeout: Duration.Duration
  readonly traceHeaders: boolean
  /** The budget that all retries of the client spend. */
  readonly budget: RetryBudget
  /** The limits that each request waits for before it is sent. */
  readonly limit: Limit | undefined
  readonly pause: Pause
}

/** The state that the attempts of one call share. */
export interface Attempt {
  readonly connection: Connection
  readonly body: string
  readonly state: CallState.CallState
  /** Reads the bytes of a body, before they become text. */
  readonly scan: Scan | undefined
  /** Aborts the request in flight. */
  abort: (() => void) | undefined
}

/**
 * Reads the bytes of a response that has the expected form. For any other response it returns
 * `undefined`. The client then reads that response as text and finds out what is wrong with it.
 */
export type Scan = (
  received: HttpExchange.ReceivedAnswer
) => Either.Either<TakeData, never> | undefined

/** Aborts the request in flight, if there is one. */
export const abort = (self: Attempt): void => self.abort?.()

/** A refused token, with the server's message about the refusal. */
interface Refusal extends TokenRefused {
  readonly token: AccessToken
}

/** What a response means: data, an error, or the refusal of the token. */
type Outcome = Either.Either<TakeData, GraphQLError | ResponseError | Refusal>

/**
 * Runs the attempt. If the API refuses the token, the request is sent again with another token.
 * This happens at most once in a call.
 */
export const run = (self: Attempt, refused?: Refusal): Effect.Effect<TakeData, CallError> => {
  const { connection, state } = self
  const token = refused === undefined ? tokenFor(self) : nextToken(self, refused)
  return Effect.flatMap(token, (token) => {
    const sent = Effect.flatMap(sendInTurn(self, token), (outcome) => {
      if (Either.isRight(outcome)) return Effect.succeed(outcome.right)
      const failure = outcome.left
      if (failure._tag !== "TokenRefused") return Effect.fail(failure)
      return Effect.flatMap(connection.tokens.invalidate(failure.token), () =>
        state.hasReplayed ? Effect.fail(tokenRefused(failure, "a new")) : run(self, failure)
      )
    })
    if (refused === undefined) return sent
    state.hasReplayed = true
    return Effect.zipRight(Metric.increment(telemetry.replays), sent)
  })
}

const tokenFor = ({
  connection,
  state
}: Attempt): Effect.Effect<AccessToken, AuthError | TransportError> => {
  const { clock, span } = state
  CallState.enter(state, "token")
  const { get } = connection.tokens
  const token = peek(get, clock)
  return token === undefined
    ? beforeDeadline(state, span === undefined ? get : Effect.withParentSpan(get, span))
    : Effect.succeed(token)
}

/**
 * Gets a token to replace a refused one. If the provider has no other token, the error of the call
 * describes the API's refusal, because the API's message explains more than the provider's error.
 */
const nextToken = (
  self: Attempt,
  refused: Refusal
): Effect.Effect<AccessToken, AuthError | TransportError> =>
  Effect.matchEffect(tokenFor(self), {
    onFailure: (error) =>
      Effect.fail(
        error._tag === "AuthError" && error.reason === "TokenRefused"
          ? tokenRefused(refused, "the", error.retryAfter)
          : error
      ),
    onSuccess: (token) =>
      isSame(token, refused.token)
        ? Effect.fail(tokenRefused(refused, "the"))
        : Effect.succeed(token)
  })

/**
 * Sends the request as soon as the client's limits allow it. If the API has asked for a pause, the
 * request is sent after the pause.
 */
const sendInTurn = (self: Attempt, token: AccessToken): Effect.Effect<Outcome, CallError> => {
  const {
    connection: { limit, pause },
    state
  } = self
  if (isPaused(pause, state.clock)) return whenPauseEnds(self)
  if (limit === undefined) return send(self, token)
  CallState.enter(state, "turn")
  const turn = Effect.suspend(() =>
    // The token may have expired while the call waited.
    Effect.flatMap(tokenFor(self), (token) =>
      // A call that must wait for the end of a pause gives up its turn. The next call then gets its
      // turn, and fails at once if its deadline is before the end of the pause.
      isPaused(pause, state.clock) ? Effect.succeed(undefined) : send(self, token)
    )
  )
  // If the call is interrupted, its request is aborted before its turn ends.
  const aborted = Effect.onInterrupt(turn, () => Effect.sync(() => abort(self)))
  return Effect.flatMap(beforeDeadline(state, limit(aborted)), (outcome) =>
    outcome === undefined ? whenPauseEnds(self) : Effect.succeed(outcome)
  )
}

/**
 * Sends the request after the pause. Nothing is sent during a pause, because a server may prolong
 * its limit for each request that arrives too early.
 */
const whenPauseEnds = (self: Attempt): Effect.Effect<Outcome, CallError> => {
  const { connection, state } = self
  CallState.enter(state, "turn")
  const wait = leftOf(connection.pause, state.clock)
  if (wait >= state.deadline - state.phaseSince) return Effect.fail(stillLimited(wait))
  // Each waiting call adds a random time, so that not all calls start at once.
  const spread = Duration.toMillis(state.policy.baseDelay)
  const pause = Effect.flatMap(Random.next, (random) => Effect.sleep(wait + random * spread))
  return beforeDeadline(state, pause).pipe(
    Effect.flatMap(() => tokenFor(self)),
    Effect.flatMap((token) => sendInTurn(self, token))
  )
}

const send = (self: Attempt, token: AccessToken): Effect.Effect<Outcome, CallError> => {
  const { connection, state } = self
  CallState.enter(state, "answer")
  state.attempts++
  // Earlier tokens are kept for redaction, because a response can also contain the token that the
  // server has just refused.
  if (!state.secrets.includes(token.value)) state.secrets = [...state.secrets, token.value]
  const { secrets } = state
  const exchange = connection.exchange(requestOf(self, token), secrets, termsOf(connection, state))
  self.abort = exchange.abort
  return Effect.map(exchange.answer, (received) => {
    self.abort = undefined
    state.status = received.status
    const requestId = received.headers["x-request-id"]
    if (requestId !== undefined) state.requestId = HttpExchange.strikeOut(requestId, secrets)
    const outcome =
      self.scan?.(received) ??
      readAnswer(toAnswer(received, state.clock), secrets, connection.version)
    if (Either.isRight(outcome)) TokenHistory.noteAccepted(token)
    return Either.mapLeft(outcome, (error) => {
      if (error._tag === "TokenRefused") return { ...error, token }
      pauseAfter(error, connection.pause, state.clock)
      return error
    })
  })
}

const requestOf = (
  { body, connection, state: { requestId, span } }: Attempt,
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

/**
 * The time at which the response must be complete: the end of the attempt's own time limit or the
 * call's deadline, whichever comes first. The attempt's time limit begins when the request is sent.
 */
const termsOf = (connection: Connection, state: CallState.CallState): Terms => {
  const { clock, deadline, phase, phaseSince, span } = state
  const until = phase === "answer" ? phaseSince + Duration.toMillis(connection.timeout) : deadline
  return {
    clock,
    until: Math.min(until, deadline),
    exceeded: () => (until < deadline ? timedOut(connection) : CallState.deadlineExceeded(state)),
    span,
    enter: (phase) => {
      CallState.enter(state, phase)
      return termsOf(connection, state)
    }
  }
}

/** Limits a wait to the call's deadline. The wait for a response has its own limits. */
const beforeDeadline = <A, E>(
  state: CallState.CallState,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E | TransportError> =>
  // The effect can be interrupted even if it runs inside an uninterruptible region, such as a batch
  // of requests.
  Effect.timeoutFail(Effect.interruptible(effect), {
    duration: state.deadline - millisOf(state.clock),
    onTimeout: () => CallState.deadlineExceeded(state)
  })

const timedOut = ({ timeout, url }: Connection): TransportError =>
  new TransportError({
    reason: "Timeout",
    problem: `No complete response from ${hostOf(url)} within ${Duration.format(timeout)}`,
    hint: "Query fewer rows at a time, or raise the timeout"
  })

const tokenRefused = (
  { excerpt, isForeign, said, status }: TokenRefused,
  which: "the" | "a new",
  retryAfter?: Duration.Duration
): AuthError =>
  new AuthError({
    reason: "TokenRefused",
    problem: `${isForeign ? "A firewall or proxy" : "The API"} rejected ${which} token${said}`,
    hint: isForeign
      ? firewallHint
      : "Check this machine's clock, and that the credentials belong to this API generation and base URL, or sign in again",
    status,
    excerpt,
    retryAfter
  })

import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Fault } from "../../Fault.js"
import type { Answer } from "../http/Answer.js"
import { empty, json } from "../http/Answer.js"
import type { Cors } from "../http/Cors.js"
import type { IncomingRequest } from "../http/IncomingRequest.js"
import { notAPage } from "../http/notAPage.js"
import type { UnknownNight } from "../Nights.js"
import { earliest, latest } from "../SandboxClock.js"
import { people } from "../signIn/people.js"
import type { Control } from "./Control.js"
import * as ControlBody from "./ControlBody.js"

export const prefix = "/_sandbox/"

const strict = { onExcessProperty: "error" } as const

const decodeFault = Schema.decodeUnknown(Fault, strict)
const decodeFaults = Schema.decodeUnknown(Schema.Array(Fault), strict)

/** Reads one fault, or a list of faults in order. */
const faultsOf = (value: unknown) =>
  Array.isArray(value) ? decodeFaults(value) : Effect.map(decodeFault(value), (fault) => [fault])

/** The longest advance of the clock in seconds, 300 years. */
const longestAdvance = 9_500_000_000

/** Advances the clock by seconds, or sets it to an instant in ISO 8601. */
const ClockChange = Schema.Union(
  Schema.Struct({ advanceSeconds: Schema.Number.pipe(Schema.between(0, longestAdvance)) }),
  Schema.Struct({
    setTime: Schema.DateTimeUtc.pipe(
      Schema.filter(
        (instant) =>
          (instant.epochMillis >= earliest && instant.epochMillis <= latest) ||
          "must be in the years 1 to 9999"
      )
    )
  })
)

const RoleChange = Schema.Struct({
  rowLimit: Schema.optionalWith(Schema.NullOr(Schema.NonNegativeInt), { exact: true }),
  allowAggregations: Schema.optionalWith(Schema.Boolean, { exact: true }),
  introspection: Schema.optionalWith(Schema.Boolean, { exact: true })
})

const Username = Schema.Literal(people.manager.username, people.tenant.username)

const Person = Schema.Struct({ username: Username })

const PersonOrAll = Schema.Struct({ username: Schema.optionalWith(Username, { exact: true }) })

/** The longest lifetime of a token or a session in seconds, 30 days. */
const longestLifetime = 2_592_000

const Seconds = Schema.transform(
  Schema.Int.pipe(Schema.between(1, longestLifetime)),
  Schema.DurationFromSelf,
  {
    strict: true,
    decode: Duration.seconds,
    encode: Duration.toSeconds
  }
)

const secondsOf = (name: string) =>
  Schema.optionalWith(Seconds, { exact: true }).pipe(Schema.fromKey(`${name}Seconds`))

const LifetimeChange = Schema.Struct({
  token: secondsOf("token"),
  refreshToken: secondsOf("refreshToken"),
  session: secondsOf("session")
})

const Night = Schema.Struct({ date: Schema.String })

/**
 * The control over HTTP, for programs in any language and for pages of allowed origins. Every
 * website can send requests to this machine, so a request must meet three conditions:
 *
 * - The request comes over loopback and names a loopback host. A website's host name that resolves
 *   to this machine is not a loopback host.
 * - The request does not come from a page, or the page has an allowed origin.
 * - A request that changes something has the content type JSON. Before such a request to another
 *   origin, browsers send a preflight. This condition therefore also protects against browsers that
 *   do not send the origin.
 */
export const make =
  (control: Control, cors: Cors) =>
  (request: IncomingRequest): Effect.Effect<Answer> =>
    Effect.map(
      Effect.suspend(() => refusal(request, cors) ?? answer(control, request)),
      (answer) => ({
        ...answer,
        headers: { ...answer.headers, ...notAPage }
      })
    )

const refusal = (request: IncomingRequest, cors: Cors): Effect.Effect<Answer> | undefined => {
  if (!isLocal(request)) {
    return Effect.succeed(
      json(403, {
        error: "The control endpoint accepts only requests over loopback to a loopback name"
      })
    )
  }
  if (!cors.mayControl(request.headers)) {
    const { origin } = request.headers
    const page = origin === undefined ? "a page of another site" : `a page of ${origin}`
    return Effect.succeed(
      json(403, {
        error:
          `The control endpoint rejects requests from ${page.slice(0, longestOrigin)}. ` +
          "Add its origin to the option allowedOrigins"
      })
    )
  }
  return request.method === "GET" || isJson(request.headers["content-type"])
    ? undefined
    : Effect.succeed(
        json(415, {
          error:
            "The control endpoint requires the header Content-Type: application/json for changes, even without a body, " +
            "because any website could send other requests"
        })
      )
}

const longestOrigin = 200

const isJson = (contentType = ""): boolean => /^application\/json *(;|$)/i.test(contentType.trim())

const answer = (control: Control, request: IncomingRequest): Effect.Effect<Answer> => {
  const route = `${request.method} ${request.path.slice(prefix.length)}`
  switch (route) {
    case "POST faults":
      return withBody(faultsOf, request, (faults) =>
        Effect.forEach(faults, control.inject, { discard: true })
      )
    case "DELETE faults":
      return done(control.clearFaults)
    case "POST tokens/expire":
      return done(control.expireTokens)
    case "POST tokens":
      return answerTo(Schema.decodeUnknown(Person, strict), request, (person) =>
        Effect.map(control.issueToken(person), (token) =>
          json(200, { access_token: Redacted.value(token) }, { "cache-control": "no-store" })
        )
      )
    case "POST sessions/end":
      return withBody(Schema.decodeUnknown(PersonOrAll, strict), request, ({ username }) =>
        control.endSessions(username === undefined ? undefined : { username })
      )
    case "POST lifetimes":
      return withBody(Schema.decodeUnknown(LifetimeChange, strict), request, control.setLifetimes)
    case "POST role":
      return withBody(Schema.decodeUnknown(RoleChange, strict), request, control.setRole)
    case "POST restate":
      return withBody(Schema.decodeUnknown(Night, strict), request, control.restate)
    case "POST reset":
      return done(control.reset)
    case "GET clock":
      return Effect.map(control.now, (now) => json(200, { now: DateTime.formatIso(now) }))
    case "POST clock":
      return withBody(Schema.decodeUnknown(ClockChange, strict), request, (change) =>
        "advanceSeconds" in change
          ? control.advance(Duration.seconds(change.advanceSeconds))
          : control.setTime(change.setTime)
      )
    case "GET requests":
      return Effect.map(control.requests, (requests) =>
        json(
          200,
          requests.map((record) => ({ ...record, at: DateTime.formatIso(record.at) }))
        )
      )
    default:
      return Effect.succeed(
        json(404, { error: `${request.method} ${request.path} does not exist`, routes })
      )
  }
}

const routes = [
  "POST /_sandbox/faults",
  "DELETE /_sandbox/faults",
  "POST /_sandbox/tokens",
  "POST /_sandbox/tokens/expire",
  "POST /_sandbox/sessions/end",
  "POST /_sandbox/lifetimes",
  "GET /_sandbox/clock",
  "POST /_sandbox/clock",
  "POST /_sandbox/role",
  "POST /_sandbox/restate",
  "GET /_sandbox/requests",
  "POST /_sandbox/reset"
]

/** Runs an operation of the control. The status is 204, or 400 with the message of the error. */
const done = (effect: Effect.Effect<void, UnknownNight>): Effect.Effect<Answer> =>
  effect.pipe(
    Effect.as(empty(204)),
    Effect.catchAll(({ message }) => Effect.succeed(json(400, { error: message })))
  )

const withBody = <A>(
  decode: (value: unknown) => Effect.Effect<A, ParseResult.ParseError>,
  request: IncomingRequest,
  use: (value: A) => Effect.Effect<void, UnknownNight>
): Effect.Effect<Answer> => answerTo(decode, request, (value) => done(use(value)))

const answerTo = <A>(
  decode: (value: unknown) => Effect.Effect<A, ParseResult.ParseError>,
  request: IncomingRequest,
  use: (value: A) => Effect.Effect<Answer>
): Effect.Effect<Answer> =>
  ControlBody.read(request.body, decode).pipe(
    Effect.matchEffect({
      onFailure: (refusal) => Effect.succeed(json(400, refusal)),
      onSuccess: use
    })
  )

const isLocal = ({ headers, remoteAddress }: IncomingRequest): boolean => {
  const host = (headers["host"] ?? "").replace(/:\d+$/, "")
  return (
    ["localhost", "127.0.0.1", "[::1]"].includes(host) &&
    /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress ?? "")
  )
}

import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { Fault } from "../../Fault.js"
import type { Control } from "../Control.js"
import type { UnknownNight } from "../Nights.js"
import { people } from "../signIn/people.js"
import type { Answer } from "./Answer.js"
import { empty, json } from "./Answer.js"
import type { IncomingRequest } from "./IncomingRequest.js"

export const prefix = "/_sandbox/"

/** One fault, or a list of them in order. */
const Faults = Schema.parseJson(Schema.Union(Fault, Schema.Array(Fault)))

/** Moves the clock on by seconds, or sets it to an instant in ISO 8601. */
const ClockChange = Schema.parseJson(
  Schema.Union(
    Schema.Struct({ advanceSeconds: Schema.NonNegative }),
    Schema.Struct({ setTime: Schema.DateTimeUtc })
  )
)

const RoleChange = Schema.parseJson(
  Schema.Struct({
    rowLimit: Schema.optionalWith(Schema.NullOr(Schema.NonNegativeInt), { exact: true }),
    allowAggregations: Schema.optionalWith(Schema.Boolean, { exact: true }),
    introspection: Schema.optionalWith(Schema.Boolean, { exact: true })
  })
)

const Person = Schema.parseJson(
  Schema.Struct({
    username: Schema.optionalWith(Schema.Literal(people.manager.username, people.tenant.username), {
      exact: true
    })
  })
)

const Seconds = Schema.transform(Schema.Int.pipe(Schema.positive()), Schema.DurationFromSelf, {
  strict: true,
  decode: Duration.seconds,
  encode: Duration.toSeconds
})

const secondsOf = (name: string) =>
  Schema.optionalWith(Seconds, { exact: true }).pipe(Schema.fromKey(`${name}Seconds`))

const LifetimeChange = Schema.parseJson(
  Schema.Struct({
    token: secondsOf("token"),
    refreshToken: secondsOf("refreshToken"),
    session: secondsOf("session")
  })
)

const Night = Schema.parseJson(Schema.Struct({ date: Schema.String }))

/**
 * The control over HTTP, so that a program in any language can steer the sandbox. It answers on loopback only, and only
 * under a loopback name: a page in a browser could otherwise reach it through a name of its own.
 */
export const make =
  (control: Control) =>
  (request: IncomingRequest): Effect.Effect<Answer> => {
    if (!isLocal(request)) {
      return Effect.succeed(json(403, { error: "The control endpoint answers only on loopback" }))
    }
    const route = `${request.method} ${request.path.slice(prefix.length)}`
    switch (route) {
      case "POST faults":
        return withBody(Faults, request, (faults) =>
          Effect.forEach("effect" in faults ? [faults] : faults, control.inject, { discard: true })
        )
      case "DELETE faults":
        return done(control.clearFaults)
      case "POST tokens/expire":
        return done(control.expireTokens)
      case "POST sessions/end":
        return withBody(Person, request, ({ username }) =>
          control.endSessions(username === undefined ? undefined : { username })
        )
      case "POST lifetimes":
        return withBody(LifetimeChange, request, control.setLifetimes)
      case "POST role":
        return withBody(RoleChange, request, control.setRole)
      case "POST restate":
        return withBody(Night, request, control.restate)
      case "POST reset":
        return done(control.reset)
      case "GET clock":
        return Effect.map(control.now, (now) => json(200, { now: DateTime.formatIso(now) }))
      case "POST clock":
        return withBody(ClockChange, request, (change) =>
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

/** What a control refuses is said as it is. */
const done = (effect: Effect.Effect<void, UnknownNight>): Effect.Effect<Answer> =>
  effect.pipe(
    Effect.as(empty(204)),
    Effect.catchAll(({ message }) => Effect.succeed(json(400, { error: message })))
  )

const withBody = <A, I>(
  schema: Schema.Schema<A, I>,
  request: IncomingRequest,
  use: (value: A) => Effect.Effect<void, UnknownNight>
): Effect.Effect<Answer> =>
  Schema.decodeUnknown(schema, { errors: "all", onExcessProperty: "error" })(request.body).pipe(
    Effect.matchEffect({
      onFailure: (error) =>
        Effect.succeed(
          json(400, {
            error: "The body is not what this endpoint takes",
            details: ParseResult.ArrayFormatter.formatErrorSync(error).map((issue) => ({
              path: issue.path.join("."),
              message: issue.message
            }))
          })
        ),
      onSuccess: (value) => done(use(value))
    })
  )

const isLocal = ({ headers, remoteAddress }: IncomingRequest): boolean => {
  const host = (headers["host"] ?? "").replace(/:\d+$/, "")
  return (
    ["localhost", "127.0.0.1", "[::1]"].includes(host) &&
    /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress ?? "")
  )
}

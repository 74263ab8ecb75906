import * as Effect from "effect/Effect"
import type { FaultEffect } from "../../../Fault.js"
import type { ColumnGone } from "../../faults/FaultEffect.js"
import * as HasuraError from "../../graphql/HasuraError.js"
import { invalidJwt } from "../../login/TokenAuthority.js"
import type { Answer } from "../Answer.js"
import { empty, json, whole } from "../Answer.js"
import { isAccepted } from "../compression.js"
import type { Delivery } from "../Delivery.js"
import { huge } from "../Delivery.js"
import type { IncomingRequest } from "../IncomingRequest.js"
import { realSleep } from "../realTime.js"
import { html, rateLimited, refused, unauthorized, unavailable } from "./answers.js"
import { damage, errorOf } from "./damage.js"

/** Faults that affect the server, not one response. */
export interface ServerFaults {
  readonly expireTokens: () => void
  readonly restate: (date: string) => Effect.Effect<void>
}

/**
 * A request with a fault, and the real response to it. If the fault removes a column, the real
 * response lacks this column.
 */
export interface Met {
  readonly request: IncomingRequest
  readonly answer: (gone?: ColumnGone) => Effect.Effect<Answer>
}

/** Applies a fault to a response. The real response is computed only if the fault needs it. */
export const applyFault = (
  fault: FaultEffect | undefined,
  { answer, request }: Met,
  server: ServerFaults
): Effect.Effect<Delivery> => {
  const real = Effect.suspend(() => answer())
  switch (fault?._tag) {
    case undefined:
      return Effect.map(real, inOnePiece)
    case "Unauthorized":
      return Effect.succeed(inOnePiece(unauthorized))
    case "Refused":
      return Effect.succeed(inOnePiece(refused(fault)))
    case "RateLimited":
      return Effect.succeed(inOnePiece(rateLimited(fault)))
    case "Unavailable":
      return Effect.succeed(inOnePiece(unavailable))
    case "Html":
      return Effect.succeed(inOnePiece(html(fault.status)))
    case "InvalidJwt":
      return Effect.succeed(
        inOnePiece(json(200, HasuraError.graphqlBody(invalidJwt("JWTExpired"))))
      )
    case "GraphqlError":
      return Effect.succeed(inOnePiece(json(fault.status, { errors: [errorOf(fault)] })))
    case "Redirect":
      return Effect.succeed(
        inOnePiece({ ...empty(fault.status), headers: { location: fault.location } })
      )
    case "HugeBody": {
      const answer = huge(fault.bytes)
      return Effect.succeed(
        fault.encoding === undefined
          ? { _tag: "Whole", answer }
          : { _tag: "Compressed", answer, encoding: fault.encoding }
      )
    }
    case "Answer": {
      const { body, headers, status } = fault
      return Effect.succeed({
        _tag: "Whole",
        answer: { status, headers, body: typeof body === "string" ? body : body.base64 }
      })
    }
    case "Override":
      return Effect.map(real, (answer) =>
        inOnePiece({
          ...answer,
          status: fault.status ?? answer.status,
          headers: overridden(answer.headers, fault.headers)
        })
      )
    case "PartialData":
    case "EmptyBody":
    case "MalformedJson":
    case "InvalidUtf8":
    case "DuplicateKeys":
    case "NestedJson":
      return Effect.flatMap(real, (answer) =>
        Effect.map(whole(answer.body), (text) => ({
          _tag: "Whole",
          answer: { ...answer, body: damage(fault, text) }
        }))
      )
    case "Compressed":
      return Effect.map(real, (answer) =>
        fault.always || isAccepted(fault.encoding, request.headers["accept-encoding"])
          ? { _tag: "Compressed", answer, encoding: fault.encoding }
          : inOnePiece(answer)
      )
    case "WithoutCors":
      return Effect.map(real, (answer) => ({ _tag: "WithoutCors", answer }))
    case "Delay":
      return Effect.zipRight(realSleep(fault.milliseconds), Effect.map(real, inOnePiece))
    case "CutBody":
      return Effect.map(real, (answer) => ({ _tag: "Cut", answer }))
    case "StallBody":
      return Effect.map(real, (answer) => ({ _tag: "Stalled", answer }))
    case "SlowBody": {
      const { bytes, milliseconds } = fault
      return Effect.map(real, (answer) => ({ _tag: "Slow", answer, bytes, milliseconds }))
    }
    case "Reset":
      return Effect.succeed({ _tag: "Reset" })
    case "CloseConnection":
      return Effect.map(real, (answer) => ({
        _tag: fault.when === "AfterAnswer" ? "Closed" : "Abandoned",
        answer
      }))
    case "RefuseConnections":
      return Effect.succeed({ _tag: "Away", milliseconds: fault.milliseconds })
    case "ExpireTokens":
      return Effect.zipRight(Effect.sync(server.expireTokens), Effect.map(real, inOnePiece))
    case "Restate":
      return Effect.zipRight(server.restate(fault.date), Effect.map(real, inOnePiece))
    case "ColumnGone":
      return Effect.map(answer(fault), inOnePiece)
  }
}

const inOnePiece = (answer: Answer): Delivery => ({ _tag: "Whole", answer })

/** Replaces headers. Null removes a header. */
const overridden = (
  headers: Answer["headers"],
  changes: Readonly<Record<string, string | null>>
): Answer["headers"] => {
  const result = new Map(Object.entries(headers))
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) result.delete(name.toLowerCase())
    else result.set(name.toLowerCase(), value)
  }
  return Object.fromEntries(result)
}

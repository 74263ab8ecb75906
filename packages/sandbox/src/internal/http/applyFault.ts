import * as Effect from "effect/Effect"
import type { FaultEffect } from "../../Fault.js"
import * as HasuraError from "../graphql/HasuraError.js"
import { invalidJwt } from "../login/TokenAuthority.js"
import type { Answer } from "./Answer.js"
import { json } from "./Answer.js"
import type { Delivery } from "./Delivery.js"

/** Turns the real answer into what a fault makes of it. The real one is computed only where the fault needs it. */
export const applyFault = (
  fault: FaultEffect | undefined,
  answer: Effect.Effect<Answer>
): Effect.Effect<Delivery> => {
  switch (fault?._tag) {
    case undefined:
      return Effect.map(answer, whole)
    case "Unauthorized":
      return Effect.succeed(whole(unauthorized))
    case "RateLimited":
      return Effect.succeed(whole(rateLimited(fault.retryAfter)))
    case "Unavailable":
      return Effect.succeed(whole(unavailable))
    case "InvalidJwt":
      return Effect.succeed(whole(json(200, HasuraError.graphqlBody(invalidJwt("JWTExpired")))))
    case "CutBody":
      return Effect.map(answer, (answer) => ({ _tag: "Cut", answer }))
    case "StallBody":
      return Effect.map(answer, (answer) => ({ _tag: "Stalled", answer }))
    case "WithoutCors":
      return Effect.map(answer, (answer) => ({ _tag: "WithoutCors", answer }))
    case "Reset":
      return Effect.succeed({ _tag: "Reset" })
    case "Answer":
      return Effect.succeed(whole(fault))
    case "HugeBody":
      return Effect.succeed({ _tag: "Huge", bytes: fault.bytes })
    case "Delay":
      return Effect.zipRight(realSleep(fault.milliseconds), Effect.map(answer, whole))
  }
}

const whole = (answer: Answer): Delivery => ({ _tag: "Whole", answer })

/** The body is an assumption: a proxy's own words are not known. */
const unauthorized = json(401, { error: "unauthorized", error_description: "Unauthorized" })

const rateLimited = (retryAfter: number | string | undefined): Answer =>
  json(
    429,
    {
      statusCode: 429,
      error: "Too Many Requests",
      message: "Global limit has been reached",
      errorCode: "too_many_requests"
    },
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }
  )

const unavailable: Answer = {
  status: 503,
  headers: { "content-type": "text/html; charset=utf-8" },
  body:
    "<html><head><title>503 Service Temporarily Unavailable</title></head>" +
    "<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>\n"
}

/** A wait on the wire is real: it must not stand still because a test holds Effect's clock. */
const realSleep = (milliseconds: number): Effect.Effect<void> =>
  Effect.async((resume) => {
    const timer = setTimeout(() => resume(Effect.void), milliseconds)
    return Effect.sync(() => clearTimeout(timer))
  })

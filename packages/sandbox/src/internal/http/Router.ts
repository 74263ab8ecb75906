import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as ControlEndpoint from "../control/ControlEndpoint.js"
import type { ColumnGone } from "../faults/FaultEffect.js"
import type { FaultQueue } from "../faults/FaultQueue.js"
import * as HasuraError from "../graphql/HasuraError.js"
import type { RequestLog, RequestRecord } from "../RequestLog.js"
import type { SandboxClock } from "../SandboxClock.js"
import type { Answer } from "./Answer.js"
import { json } from "./Answer.js"
import type { Delivery } from "./Delivery.js"
import { statusOf } from "./Delivery.js"
import type { ServerFaults } from "./faults/applyFault.js"
import { applyFault } from "./faults/applyFault.js"
import type { IncomingRequest } from "./IncomingRequest.js"
import { notAPage } from "./notAPage.js"

/** An endpoint of the vendor's API. `kind` and `api` are its names in faults and in the log. */
export interface Endpoint {
  readonly path: string
  readonly kind: RequestRecord["kind"]
  readonly api: RequestRecord["api"]
  /** The response. A GraphQL endpoint can also respond as if a column did not exist. */
  readonly answer: (request: IncomingRequest, gone?: ColumnGone) => Effect.Effect<Answer>
  /** Further fields of the request's record in the log. They must not contain secrets. */
  readonly notes?: (request: IncomingRequest) => Notes
}

type Notes = Partial<Pick<RequestRecord, "operationName" | "grantType" | "prompt">>

export interface Options {
  readonly endpoints: ReadonlyArray<Endpoint>
  readonly clock: SandboxClock
  readonly faults: FaultQueue
  readonly server: ServerFaults
  readonly log: RequestLog
  readonly control: (request: IncomingRequest) => Effect.Effect<Answer>
  readonly jwks: unknown
  /** Responds to all other paths. If it is missing, the response to other paths has status 404. */
  readonly other?: (request: IncomingRequest) => Effect.Effect<Answer>
}

/**
 * All endpoints of a host. Requests to the vendor's endpoints are logged, and faults can apply to
 * them. Requests to the sandbox's own endpoints are not logged, and have no faults.
 */
export const make = (options: Options) => {
  const endpoints = new Map(options.endpoints.map((endpoint) => [endpoint.path, endpoint]))
  return (request: IncomingRequest): Effect.Effect<Delivery> => {
    const endpoint = endpoints.get(request.path)
    if (endpoint !== undefined) return serve(options, endpoint, request)
    if (request.path.startsWith(ControlEndpoint.prefix)) {
      return Effect.map(options.control(request), whole)
    }
    if (request.path === "/.well-known/jwks.json") {
      return Effect.succeed(whole(json(200, options.jwks)))
    }
    if (options.other !== undefined) return Effect.map(options.other(request), whole)
    return Effect.succeed(whole(json(404, HasuraError.restBody(unknownPath))))
  }
}

const whole = (answer: Answer): Delivery => ({ _tag: "Whole", answer })

/**
 * Adds headers that protect browsers, because the response of a fault can be a page with scripts.
 */
const guarded = (delivery: Delivery): Delivery =>
  "answer" in delivery
    ? {
        ...delivery,
        answer: { ...delivery.answer, headers: { ...delivery.answer.headers, ...notAPage } }
      }
    : delivery

const unknownPath = HasuraError.make("not-found", "resource does not exist", { status: 404 })

const serve = (
  { clock, faults, log, server }: Options,
  endpoint: Endpoint,
  request: IncomingRequest
): Effect.Effect<Delivery> =>
  Effect.suspend(() => {
    const { api, kind } = endpoint
    const notes = endpoint.notes?.(request)
    const fault = faults.take({ ...notes, api, kind })
    const answered = log.received({
      kind,
      api,
      headers: request.headers,
      at: DateTime.unsafeMake(clock.now()),
      ...notes,
      ...(fault === undefined ? {} : { fault: fault.effect._tag, injection: fault.injection })
    })
    const met = { request, answer: (gone?: ColumnGone) => endpoint.answer(request, gone) }
    return applyFault(fault?.effect, met, server).pipe(
      Effect.map((delivery) => (fault === undefined ? delivery : guarded(delivery))),
      Effect.tap((delivery) => Effect.sync(() => answered(statusOf(delivery))))
    )
  })

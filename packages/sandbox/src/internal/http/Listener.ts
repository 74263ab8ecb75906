import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer } from "node:http"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import { json } from "./Answer.js"
import type { Cors } from "./Cors.js"
import type { Delivery } from "./Delivery.js"
import { deliver, isAbandoned } from "./Delivery.js"
import type { IncomingRequest } from "./IncomingRequest.js"
import * as Outages from "./Outage.js"

/** Listening on a port failed. */
export class ListenError extends Data.TaggedError("ListenError")<{
  readonly port: number
  readonly code: string | undefined
  readonly message: string
}> {}

/** The largest body. 1 MiB is more than any useful operation needs. */
const bodyLimit = 1_048_576

/** An open port. Requests that arrive before `serve` is called wait for this call. */
export interface Listener {
  readonly port: number
  readonly serve: (handle: Handle) => Effect.Effect<void>
  /** Accepts connections again, if the port refuses connections. */
  readonly endOutage: Effect.Effect<void>
}

export type Handle = (request: IncomingRequest) => Effect.Effect<Delivery>

/**
 * How long an idle connection stays open, in milliseconds. Node's five seconds are so short that a
 * busy client can send a request on a connection that the server is closing. A load balancer closes
 * a connection after about a minute.
 */
const keepAliveTimeout = 65_000

/**
 * Listens on 127.0.0.1. When the scope closes, listening stops, all connections are destroyed, even
 * stalled connections, and pending responses are interrupted.
 *
 * Requests run on the default runtime, not on the runtime that builds the server. The runtime that
 * builds the server may have a test's clock, under which requests would not proceed.
 */
export const listen = (
  port: number,
  cors: Cors
): Effect.Effect<Listener, ListenError, Scope.Scope> =>
  Effect.gen(function* () {
    const fibers = yield* FiberSet.make<void>()
    const handler = yield* Deferred.make<Handle>()
    const handle: Handle = (request) =>
      Effect.flatMap(Deferred.await(handler), (serve) => serve(request))
    const server = createServer({ keepAliveTimeout }, (message, response) => {
      if (isAbandoned(message.socket)) message.socket.resetAndDestroy()
      else {
        const fiber = Effect.runFork(respond(message, response, handle, cors, outage.begin))
        FiberSet.unsafeAdd(fibers, fiber)
        // The client has disconnected, so its operation stops.
        response.once("close", () => fiber.unsafeInterruptAsFork(FiberId.none))
      }
    })
    let bound = port
    const outage = Outages.make(server, (done) => server.listen(bound, "127.0.0.1", done))
    yield* Effect.acquireRelease(
      Effect.async<void, ListenError>((resume) => {
        server.once("error", (error: NodeJS.ErrnoException) =>
          resume(Effect.fail(new ListenError({ port, code: error.code, message: error.message })))
        )
        server.listen(port, "127.0.0.1", () => resume(Effect.void))
      }),
      () => outage.stop
    )
    const address = server.address()
    if (typeof address === "object" && address !== null) bound = address.port
    return {
      port: bound,
      serve: (serve) => Deferred.succeed(handler, serve),
      endOutage: outage.end
    }
  })

const respond = (
  message: IncomingMessage,
  response: ServerResponse,
  handle: Handle,
  cors: Cors,
  goAway: (milliseconds: number) => void
): Effect.Effect<void> =>
  readBody(message).pipe(
    Effect.flatMap((body) => {
      if (body === undefined) return Effect.succeed(tooLarge)
      const { method = "GET", socket, url = "/" } = message
      const headers = flatten(message.headers)
      const preflight = cors.preflight(method, headers)
      return preflight === undefined
        ? handle({
            method,
            path: url.replace(/\?.*$/, ""),
            url,
            headers,
            body,
            remoteAddress: socket.remoteAddress
          })
        : Effect.succeed<Delivery>({ _tag: "Whole", answer: preflight })
    }),
    Effect.andThen((delivery) =>
      Effect.sync(() => {
        if (delivery._tag === "Away") {
          response.socket?.resetAndDestroy()
          goAway(delivery.milliseconds)
          return
        }
        if (delivery._tag !== "WithoutCors") {
          response.setHeaders(new Map(Object.entries(cors.headers(message.headers.origin))))
        }
        deliver(response, delivery)
      })
    ),
    Effect.catchAllCause(() => Effect.sync(() => response.destroy()))
  )

const tooLarge: Delivery = {
  _tag: "Whole",
  answer: json(
    413,
    { path: "$", error: "request body is larger than 1 MiB", code: "payload-too-large" },
    { connection: "close" }
  )
}

/** The whole body as text, or `undefined` if it is too large. */
const readBody = (message: IncomingMessage): Effect.Effect<string | undefined> =>
  Effect.async((resume) => {
    const chunks: Array<Buffer> = []
    let size = 0
    message.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size > bodyLimit) {
        message.removeAllListeners("data").resume()
        resume(Effect.succeed(undefined))
      } else chunks.push(chunk)
    })
    message.once("end", () => resume(Effect.succeed(Buffer.concat(chunks).toString("utf8"))))
    message.once("error", () => resume(Effect.interrupt))
  })

const flatten = (headers: IncomingMessage["headers"]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]]
    )
  )

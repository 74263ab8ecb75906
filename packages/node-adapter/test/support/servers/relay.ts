/** A reverse proxy in front of the sandbox that records all traffic, credentials included. */
import { type IncomingHttpHeaders, type IncomingMessage, request as send } from "node:http"
import { text } from "node:stream/consumers"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { until } from "../eventLoop.js"
import { type HttpServer, listen } from "./httpServer.js"

/** A request, and the body of its response when the response is complete. */
export interface Exchange {
  readonly method: string | undefined
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly answer: string | undefined
}

export interface Relay extends HttpServer {
  readonly exchanges: Effect.Effect<ReadonlyArray<Exchange>>
  /**
   * Waits until the client has aborted exactly this many requests whose responses were not
   * complete.
   */
  readonly awaitAborted: (count: number) => Effect.Effect<void>
}

export interface Options {
  /**
   * The path prefix of the proxy, which is removed before a request is forwarded. Requests to other
   * paths get a 404.
   */
  readonly prefix?: string
  /** Runs before a request is forwarded to the target. */
  readonly before?: (exchange: Exchange) => Promise<void>
}

export const make = (
  target: string,
  options: Options = {}
): Effect.Effect<Relay, never, Scope.Scope> =>
  Effect.gen(function* () {
    const prefix = options.prefix ?? ""
    const exchanges: Array<Exchange> = []
    let aborted = 0

    const server = yield* listen(async (incoming, outgoing) => {
      outgoing.once("close", () => {
        if (!outgoing.writableFinished) aborted++
      })
      const exchange = await readExchange(incoming)
      const index = exchanges.push(exchange) - 1
      if (!exchange.path.startsWith(prefix)) {
        outgoing.writeHead(404).end()
        return
      }
      await options.before?.(exchange)
      const onward = send(
        target + exchange.path.slice(prefix.length),
        { method: incoming.method, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
          text(answer).then(
            (body) => {
              exchanges[index] = { ...exchange, answer: body }
            },
            () => outgoing.destroy()
          )
        }
      )
      onward.once("error", () => outgoing.destroy())
      outgoing.once("close", () => onward.destroy())
      onward.end(exchange.body)
    })

    return {
      ...server,
      url: server.url + prefix,
      exchanges: Effect.sync(() => [...exchanges]),
      awaitAborted: (count) => until(Effect.sync(() => aborted === count))
    }
  })

const readExchange = async (incoming: IncomingMessage): Promise<Exchange> => ({
  method: incoming.method,
  path: incoming.url ?? "/",
  headers: incoming.headers,
  body: await text(incoming),
  answer: undefined
})

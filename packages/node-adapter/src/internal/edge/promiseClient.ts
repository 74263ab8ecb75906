/**
 * How the promise client runs its calls in a Worker or an edge function: each call has a layer of
 * its own.
 *
 * In a Worker, timers, sockets and promises belong to the incoming request that created them. If a
 * call waits for a promise of another incoming request, and that request ends, the call hangs.
 * Calls of one client therefore share only data: the token, the history of earlier tokens, and the
 * time before which no request may be sent.
 */
import * as PromiseClient from "@innerspace-metrics/core/PromiseClient"
import * as Layer from "effect/Layer"
import { BetweenCalls } from "../betweenCalls.js"
import type * as inNode from "../promiseClient.js"
import { makeBetweenCalls } from "./sharedToken.js"

export const makeClient: typeof inNode.makeClient = (options, layerOf) => {
  const shared = Layer.succeed(BetweenCalls, makeBetweenCalls())
  return clientOfCalls(() => PromiseClient.make(Layer.provide(layerOf(options), shared)))
}

/** A client that opens a new client for each call, and closes the new client after the call. */
const clientOfCalls = (
  make: () => PromiseClient.PromiseMetricsClient
): PromiseClient.PromiseMetricsClient => {
  const opened = new Set<PromiseClient.PromiseMetricsClient>()
  let isClosed = false

  const open = async () => {
    const client = make()
    // After `close`, the new client is closed before its call, so the call rejects.
    if (isClosed) await client.close()
    opened.add(client)
    return client
  }

  const end = async (client: PromiseClient.PromiseMetricsClient) => {
    opened.delete(client)
    await client.close()
  }

  const once = async <A>(
    call: (client: PromiseClient.PromiseMetricsClient) => Promise<A>
  ): Promise<A> => {
    const client = await open()
    try {
      return await call(client)
    } finally {
      await end(client)
    }
  }

  const each = <A>(
    items: (client: PromiseClient.PromiseMetricsClient) => AsyncIterable<A>
  ): AsyncIterable<A> => ({
    async *[Symbol.asyncIterator]() {
      const client = await open()
      try {
        yield* items(client)
      } finally {
        await end(client)
      }
    }
  })

  const close = async () => {
    isClosed = true
    await Promise.all(Array.from(opened, end))
  }

  return {
    query: (query, options) => once((client) => client.query(query, options)),
    queryAll: (queries, options) => once((client) => client.queryAll(queries, options)),
    execute: (request, options) => once((client) => client.execute(request, options)),
    stream: (query, options) => each((client) => client.stream(query, options)),
    columns: (query, options) => each((client) => client.columns(query, options)),
    plan: (query, options) => once((client) => client.plan(query, options)),
    schema: (options) => once((client) => client.schema(options)),
    close,
    // An older edge runtime may lack the symbol.
    ...(Symbol.asyncDispose && { [Symbol.asyncDispose]: close })
  }
}

/**
 * Tests the page's client outside of a page: in a program that renders pages, and with globals that
 * differ from those of a browser.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import { join } from "node:path"
import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsError from "@innerspace-metrics/core/MetricsError"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Schema from "effect/Schema"
import { afterEach, assert, describe, it, vi } from "vitest"

const api = Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, "https://api.example.test"))

const token = BrowserTokenProvider.fromCallback(async () => "token")

const client = (source = token, options: { readonly maxBodySize?: number } = {}) =>
  createMetricsClient({ api, token: source, retry: RetryPolicy.none, ...options })

const operation = {
  document: "query { __typename }",
  schema: Schema.Struct({ __typename: Schema.String })
}

const body = '{"data":{"__typename":"query_root"}}'

const outcome = (metrics: ReturnType<typeof client>): Promise<unknown> =>
  metrics.execute(operation).then(
    ({ __typename }) => __typename,
    (error: unknown) =>
      MetricsError.isMetricsError(error) ? `${error._tag} ${error.reason}` : String(error)
  )

/** Returns a promise, and a function that resolves the promise. */
const makeGate = () => {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe("a foreign fetch", () => {
  const headers = new Headers({ "content-type": "application/json" })
  const bytes = new TextEncoder().encode(body)
  for (const [name, response, expected] of [
    [
      "has no stream",
      { status: 200, headers, arrayBuffer: async () => bytes.buffer },
      "query_root"
    ],
    ["has only text", { status: 200, headers, text: async () => body }, "query_root"],
    [
      "has a Node stream",
      { status: 200, headers, body: { pipe: () => {} }, arrayBuffer: async () => bytes.buffer },
      "query_root"
    ],
    ["has no body at all", { status: 200, headers }, "TransportError ConnectionLost"],
    ["has no headers", { status: 200, text: async () => body }, "TransportError ConnectionLost"],
    [
      "breaks in its body",
      { status: 200, headers, arrayBuffer: () => Promise.reject(new Error("gone")) },
      "TransportError ConnectionLost"
    ],
    ["is undefined", undefined, "TransportError ConnectionLost"]
  ] as const) {
    it(`a foreign fetch whose response ${name} gives the result or a typed error`, async () => {
      vi.stubGlobal("fetch", async () => response)
      assert.strictEqual(await outcome(client()), expected)
    })
  }

  it("a foreign fetch without a stream observes maxBodySize", async () => {
    vi.stubGlobal("fetch", async () => ({ status: 200, headers, text: async () => body }))
    assert.strictEqual(await outcome(client(token, { maxBodySize: 10 })), "ResponseError TooLarge")
  })

  it("a missing fetch is a typed error", async () => {
    vi.stubGlobal("fetch", undefined)
    assert.strictEqual(await outcome(client()), "TransportError Unreachable")
  })
})

describe("a store that holds the token", () => {
  type Stop = ReturnType<BrowserTokenProvider.Subscribable["subscribe"]>
  /** The times at which stores call a listener that subscribes. */
  const kinds: {
    readonly [name: string]: (
      add: (listener: () => void) => () => void,
      listener: () => void
    ) => Stop
  } = {
    "calls back later": (add, listener) => add(listener),
    "calls back at once": (add, listener) => {
      listener()
      return add(listener)
    },
    "calls back while it subscribes": (add, listener) => {
      const stop = add(listener)
      listener()
      return stop
    },
    "returns a subscription": (add, listener) => ({ unsubscribe: add(listener) }),
    "calls back at once and returns a subscription": (add, listener) => {
      listener()
      return { unsubscribe: add(listener) }
    }
  }
  for (const [name, subscribe] of Object.entries(kinds)) {
    it(`a store that ${name} is waited for and then unsubscribed`, async () => {
      vi.stubGlobal("fetch", async () => new Response(body))
      let value: string | undefined
      const listeners = new Set<() => void>()
      const waiting = makeGate()
      const add = (listener: () => void) => {
        listeners.add(listener)
        setTimeout(waiting.resolve)
        return () => {
          listeners.delete(listener)
        }
      }
      const metrics = client(
        BrowserTokenProvider.fromSubscribable({
          get: () => value,
          subscribe: (listener) => subscribe(add, listener)
        })
      )
      const result = outcome(metrics)
      await waiting.promise
      value = "token"
      for (const listener of [...listeners]) listener()
      assert.strictEqual(await result, "query_root")
      assert.strictEqual(listeners.size, 0)
    })
  }

  it("a store that throws on subscription is a typed error", async () => {
    const source = BrowserTokenProvider.fromSubscribable({
      get: () => undefined,
      subscribe: () => {
        throw new Error("no store")
      }
    })
    assert.strictEqual(await outcome(client(source)), "AuthError Unavailable")
  })
})

describe("a runtime without a page", () => {
  it("a runtime that wrongly says it is offline does not delay a call", async () => {
    vi.stubGlobal("navigator", { onLine: false })
    vi.stubGlobal("fetch", async () => new Response(body))
    assert.strictEqual(await outcome(client()), "query_root")
  })
})

it("a finished script exits even if nobody closes the client", async () => {
  const server = createServer((_, response) => response.end(body)).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" ? address?.port : undefined
  const child = spawn(process.execPath, [join(import.meta.dirname, "page/script.mjs"), `${port}`])
  const printed: Array<string> = []
  child.stdout.on("data", (chunk) => printed.push(String(chunk)))
  child.stderr.on("data", (chunk) => printed.push(String(chunk)))
  const [code] = await once(child, "exit")
  server.close()
  assert.deepStrictEqual([code, printed.join("").trim()], [0, "query_root"])
}, 60_000)

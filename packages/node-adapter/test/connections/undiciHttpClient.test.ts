import { buffer } from "node:stream/consumers"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientError } from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as UrlParams from "@effect/platform/UrlParams"
import { assert, it } from "@effect/vitest"
import { UndiciHttpClient } from "@innerspace-metrics/node-adapter"
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { MockAgent } from "undici"
import { until } from "../support/eventLoop.js"
import { listen, unusedUrl } from "../support/servers/httpServer.js"

const client = Effect.map(Layer.build(UndiciHttpClient.layer), (context) =>
  Context.get(context, HttpClient.HttpClient)
)

/** A server that echoes a request's method, path, headers and body. */
const echo = listen(async (request, response) => {
  const body = await buffer(request)
  response.setHeader("content-type", "application/json").end(
    JSON.stringify({
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: body.toString("base64")
    })
  )
})

interface Echo {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const send = (request: HttpClientRequest.HttpClientRequest) =>
  Effect.gen(function* () {
    const http = yield* client
    const response = yield* http.execute(request)
    // The echo server sends this type.
    const echo = (yield* response.json) as Echo
    return { ...echo, body: Buffer.from(echo.body, "base64") }
  })

/** Sends a request to a server with this response. */
const answering = (body: string | Uint8Array, contentType: string) =>
  Effect.gen(function* () {
    const server = yield* listen((_request, response) => {
      response.writeHead(207, {
        "content-type": contentType,
        "set-cookie": ["a=1; Path=/", "b=2"],
        "X-Two": ["one", "two"]
      })
      response.end(body)
    })
    const http = yield* client
    return yield* http.get(server.url)
  })

for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const) {
  it.scoped(`UndiciHttpClient sends ${method}`, () =>
    Effect.gen(function* () {
      const server = yield* echo
      const seen = yield* send(HttpClientRequest.make(method)(`${server.url}/a/b?c=d%20e`))
      assert.strictEqual(seen.method, method)
      assert.strictEqual(seen.path, "/a/b?c=d%20e")
      assert.strictEqual(seen.body.length, 0)
    })
  )
}

it.scoped("UndiciHttpClient sends HEAD and reads a response without a body", () =>
  Effect.gen(function* () {
    const server = yield* echo
    const http = yield* client
    const response = yield* http.head(server.url)
    assert.strictEqual(response.status, 200)
    assert.strictEqual(yield* response.text, "")
  })
)

it.scoped("UndiciHttpClient sends headers and the URL's parameters", () =>
  Effect.gen(function* () {
    const server = yield* echo
    const seen = yield* send(
      HttpClientRequest.get(server.url).pipe(
        HttpClientRequest.setHeader("x-one", "1"),
        HttpClientRequest.setUrlParams({ q: "a&b", r: "\u00e9" })
      )
    )
    assert.strictEqual(seen.headers["x-one"], "1")
    assert.strictEqual(seen.path, "/?q=a%26b&r=%C3%A9")
    assert.strictEqual(seen.headers["accept-encoding"], "gzip, br")
  })
)

it.scoped("text, JSON and forms are sent with their content types", () =>
  Effect.gen(function* () {
    const server = yield* echo
    const post = HttpClientRequest.post(server.url)
    const text = yield* send(HttpClientRequest.bodyText(post, "a \u00e9 \u{1F511}", "text/plain"))
    assert.strictEqual(text.body.toString(), "a \u00e9 \u{1F511}")
    assert.strictEqual(text.headers["content-type"], "text/plain")
    const json = yield* send(HttpClientRequest.bodyUnsafeJson(post, { a: [1] }))
    assert.strictEqual(json.body.toString(), '{"a":[1]}')
    assert.strictEqual(json.headers["content-type"], "application/json")
    const form = yield* send(HttpClientRequest.bodyUrlParams(post, { a: "b c" }))
    assert.strictEqual(form.body.toString(), "a=b+c")
    assert.strictEqual(form.headers["content-type"], "application/x-www-form-urlencoded")
  })
)

it.scoped.prop(
  "any bytes are sent unchanged",
  [FastCheck.uint8Array({ maxLength: 2_000 })],
  ([bytes]) =>
    Effect.gen(function* () {
      const server = yield* echo
      const post = HttpClientRequest.post(server.url)
      const whole = yield* send(HttpClientRequest.bodyUint8Array(post, bytes))
      assert.deepStrictEqual([...whole.body], [...bytes])
      const streamed = yield* send(
        HttpClientRequest.bodyStream(post, Stream.make(bytes, new Uint8Array([1]), bytes))
      )
      assert.deepStrictEqual([...streamed.body], [...bytes, 1, ...bytes])
    }),
  { fastCheck: { numRuns: 20 } }
)

it.scoped("UndiciHttpClient sends form data as multipart with its boundary", () =>
  Effect.gen(function* () {
    const server = yield* echo
    const formData = new FormData()
    formData.append("name", "v\u00e4lue")
    formData.append("file", new Blob(["content"], { type: "text/plain" }), "a.txt")
    const seen = yield* send(
      HttpClientRequest.bodyFormData(HttpClientRequest.post(server.url), formData)
    )
    const parsed = yield* Effect.promise(() =>
      new Response(seen.body, {
        headers: { "content-type": seen.headers["content-type"] ?? "" }
      }).formData()
    )
    assert.strictEqual(parsed.get("name"), "v\u00e4lue")
    assert.instanceOf(parsed.get("file"), File)
  })
)

it.scoped(
  "UndiciHttpClient sends raw text and raw bytes, and any other raw body is a typed error",
  () =>
    Effect.gen(function* () {
      const server = yield* echo
      const raw = (body: unknown) =>
        HttpClientRequest.setBody(HttpClientRequest.post(server.url), HttpBody.raw(body))
      assert.strictEqual((yield* send(raw("text"))).body.toString(), "text")
      assert.strictEqual((yield* send(raw(new Uint8Array([104, 105])))).body.toString(), "hi")
      const error = yield* Effect.flip(send(raw({ an: "object" })))
      assert.strictEqual(error._tag, "RequestError")
      assert.strictEqual(error.reason, "Encode")
    })
)

it.scoped("a request fails if the stream of its body fails", () =>
  Effect.gen(function* () {
    const server = yield* echo
    const broken = Stream.concat(
      Stream.make(new Uint8Array([1])),
      Stream.fail(new Error("no more"))
    )
    const error = yield* Effect.flip(
      send(HttpClientRequest.bodyStream(HttpClientRequest.post(server.url), broken))
    )
    assert.strictEqual(error._tag, "RequestError")
  })
)

const reads: ReadonlyArray<
  readonly [
    name: string,
    body: string | Uint8Array,
    contentType: string,
    read: (response: HttpClientResponse) => Effect.Effect<unknown, HttpClientError>,
    expected: unknown
  ]
> = [
  ["text", "\u00e9\u{1F511}", "text/plain", (response) => response.text, "\u00e9\u{1F511}"],
  ["JSON", '{"a":[1,null]}', "application/json", (response) => response.json, { a: [1, null] }],
  ["an empty body as JSON", "", "application/json", (response) => response.json, null],
  [
    "bytes",
    new Uint8Array([0, 255, 10]),
    "application/octet-stream",
    (response) => Effect.map(response.arrayBuffer, (bytes) => [...new Uint8Array(bytes)]),
    [0, 255, 10]
  ],
  [
    "a stream",
    new Uint8Array([0, 255, 10]),
    "application/octet-stream",
    (response) =>
      Effect.map(Stream.runCollect(response.stream), (chunks) =>
        Chunk.toReadonlyArray(chunks).flatMap((bytes) => [...bytes])
      ),
    [0, 255, 10]
  ],
  [
    "URL parameters",
    "a=1&b=c+d",
    "application/x-www-form-urlencoded",
    (response) => Effect.map(response.urlParamsBody, UrlParams.toRecord),
    { a: "1", b: "c d" }
  ],
  [
    "form data",
    '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
    "multipart/form-data; boundary=x",
    (response) => Effect.map(response.formData, (form) => form.get("a")),
    "1"
  ]
]

for (const [name, body, contentType, read, expected] of reads) {
  it.scoped(`UndiciHttpClient reads ${name}`, () =>
    Effect.gen(function* () {
      const response = yield* answering(body, contentType)
      assert.deepStrictEqual(yield* read(response), expected)
    })
  )
}

it.scoped("UndiciHttpClient reads status, headers and cookies", () =>
  Effect.gen(function* () {
    const response = yield* answering("{}", "application/json")
    assert.strictEqual(response.status, 207)
    assert.strictEqual(response.headers["content-type"], "application/json")
    assert.strictEqual(response.headers["x-two"], "one, two")
    assert.deepStrictEqual(Object.keys(response.cookies.cookies), ["a", "b"])
    assert.strictEqual(yield* response.text, "{}")
  })
)

it.scoped("the text of a response can be read again, also as JSON", () =>
  Effect.gen(function* () {
    const response = yield* answering("[1]", "application/json")
    assert.strictEqual(yield* response.text, "[1]")
    assert.strictEqual(yield* response.text, "[1]")
    assert.deepStrictEqual(yield* response.json, [1])
  })
)

it.scoped("a body that is not JSON is a typed error", () =>
  Effect.gen(function* () {
    const response = yield* answering("<html>", "text/html")
    const error = yield* Effect.flip(response.json)
    assert.deepStrictEqual([error._tag, error.reason], ["ResponseError", "Decode"])
  })
)

it.scoped("a refused connection is a typed error", () =>
  Effect.gen(function* () {
    const http = yield* client
    const error = yield* Effect.flip(http.get(yield* unusedUrl))
    assert.deepStrictEqual([error._tag, error.reason], ["RequestError", "Transport"])
  })
)

it.scoped("a redirect is returned like any other response", () =>
  Effect.gen(function* () {
    const server = yield* listen((request, response) => {
      response.writeHead(request.url === "/" ? 302 : 200, { location: "/next" }).end()
    })
    const http = yield* client
    const response = yield* http.get(server.url)
    assert.strictEqual(response.status, 302)
    assert.strictEqual(yield* response.text, "")
  })
)

/** A server whose response stalls after its beginning. */
const stalling = listen((_request, response) => {
  response.writeHead(200).write("beginning")
})

it.scoped("an interrupted read aborts the request without an unhandled error", () =>
  Effect.gen(function* () {
    const uncaught: Array<unknown> = []
    const collect = (error: unknown) => uncaught.push(error)
    yield* Effect.acquireRelease(
      Effect.sync(() => process.on("uncaughtException", collect)),
      () => Effect.sync(() => process.off("uncaughtException", collect))
    )
    const server = yield* stalling
    const http = HttpClient.withScope(yield* client)
    const read = yield* Effect.fork(
      Effect.scoped(Effect.flatMap(http.get(server.url), (response) => response.text))
    )
    yield* server.awaitOpenConnections(1)
    yield* Fiber.interrupt(read)
    yield* server.awaitOpenConnections(0)

    // A body that is not read, or is only read in part, causes no unhandled error either.
    yield* Effect.scoped(http.get(server.url))
    yield* server.awaitOpenConnections(0)
    const start = yield* Effect.scoped(
      Effect.flatMap(http.get(server.url), (response) => Stream.runHead(response.stream))
    )
    assert.isTrue(Option.isSome(start))
    yield* server.awaitOpenConnections(0)
    assert.deepStrictEqual(uncaught, [])
  })
)

it.scoped("requests one after another reuse connections", () =>
  Effect.gen(function* () {
    const server = yield* echo
    const http = yield* client
    yield* Effect.replicateEffect(
      Effect.flatMap(http.get(server.url), (response) => response.text),
      20
    )
    // A second connection is opened if a request is sent before the first connection is free again.
    assert.isAtMost(yield* server.connections, 2)
  })
)

it.scoped("a host gets at most 64 connections", () =>
  Effect.gen(function* () {
    let arrived = 0
    const waiting: Array<() => void> = []
    const server = yield* listen((_request, response) => {
      arrived++
      waiting.push(() => response.end("done"))
    })
    const http = yield* client
    const calls = yield* Effect.fork(
      Effect.all(
        Array.from({ length: 100 }, () =>
          Effect.flatMap(http.get(server.url), (response) => response.text)
        ),
        { concurrency: "unbounded" }
      )
    )
    yield* until(Effect.sync(() => arrived === 64))
    for (const answer of waiting.splice(0)) answer()
    yield* until(Effect.sync(() => arrived === 100))
    for (const answer of waiting.splice(0)) answer()
    assert.lengthOf(yield* Fiber.join(calls), 100)
    assert.strictEqual(yield* server.connections, 64)
  })
)

it.scoped("closing the layer destroys its connections, and requests after it fail", () =>
  Effect.gen(function* () {
    const server = yield* stalling
    const scope = yield* Scope.make()
    const http = yield* Scope.extend(client, scope)
    const read = yield* Effect.fork(
      Effect.flip(Effect.flatMap(http.get(server.url), (response) => response.text))
    )
    yield* server.awaitOpenConnections(1)
    yield* Scope.close(scope, Exit.void)
    yield* server.awaitOpenConnections(0)
    yield* Fiber.join(read)
    const error = yield* Effect.flip(http.get(server.url))
    assert.deepStrictEqual([error._tag, error.reason], ["RequestError", "Transport"])
  })
)

it.scoped("UndiciHttpClient.make uses the dispatcher that is passed", () =>
  Effect.gen(function* () {
    const agent = yield* Effect.acquireRelease(
      Effect.sync(() => new MockAgent()),
      (agent) => Effect.promise(() => agent.close())
    )
    agent.disableNetConnect()
    agent.get("https://metrics.example.com").intercept({ path: "/" }).reply(200, "from the mock")
    const response = yield* UndiciHttpClient.make(agent).get("https://metrics.example.com/")
    assert.strictEqual(yield* response.text, "from the mock")
  })
)

/**
 * Tests the proxies in the usual environment variables: which requests use a proxy, and what the
 * proxy can see.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as HttpClient from "@effect/platform/HttpClient"
import { assert, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import { NodeMetrics, UndiciHttpClient } from "@innerspace-metrics/node-adapter"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { atOnce, documented } from "../support/client.js"
import { queryOnce, run } from "../support/onItsOwn.js"
import { renderings } from "../support/printed.js"
import { listenProxy } from "../support/servers/connectProxy.js"
import { listen } from "../support/servers/httpServer.js"
import { certificate } from "../support/servers/selfSigned.js"
import { listenTls } from "../support/servers/tlsServer.js"

const password = "canary-proxy:password"
const basic = `Basic ${btoa(`somebody:${password}`)}`
const proxyUrl = (port: number) =>
  `http://somebody:${encodeURIComponent(password)}@127.0.0.1:${port}`

const inEnvironment = (variables: Readonly<Record<string, string>>) =>
  Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))

const clientIn = (variables: Readonly<Record<string, string>>) =>
  Effect.map(
    inEnvironment(variables)(Layer.build(UndiciHttpClient.layer)),
    Context.get(HttpClient.HttpClient)
  )

const textOf = (client: HttpClient.HttpClient, url: string) =>
  Effect.scoped(Effect.flatMap(client.get(url), (response) => response.text))

const portOf = (url: string) => Number(new URL(url).port)

for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"]) {
  it.scoped(`requests go through the proxy in ${name}, with its password`, () =>
    Effect.gen(function* () {
      const scheme = name.toLowerCase().startsWith("https") ? "https" : "http"
      const server = yield* listen((_request, response) => response.end("through the proxy"))
      const proxy = yield* listenProxy(portOf(server.url), basic)
      const client = yield* clientIn({ [name]: proxyUrl(proxy.port) })
      const answer = yield* Effect.either(textOf(client, `${scheme}://metrics.example/path`))
      // The target has no TLS, so an https request fails. The proxy still receives its CONNECT
      // request, which the test checks.
      if (scheme === "http") assert.strictEqual(yield* answer, "through the proxy")
      const [seen] = yield* proxy.seen
      assert.strictEqual(seen?.authority, `metrics.example:${scheme === "http" ? 80 : 443}`)
      assert.strictEqual(seen?.headers["proxy-authorization"], basic)
    })
  )
}

it.scoped("no proxy is used for hosts in NO_PROXY, for loopback, or if the variable is empty", () =>
  Effect.gen(function* () {
    const server = yield* listen((_request, response) => response.end("direct"))
    const port = portOf(server.url)
    const proxy = yield* listenProxy(port)
    const HTTP_PROXY = proxyUrl(proxy.port)
    const through = yield* clientIn({ HTTP_PROXY })
    for (const host of ["localhost", "127.0.0.1", "127.1.2.3"]) {
      // Some systems do not respond on 127.1.2.3, but on no system does the proxy get the request.
      yield* Effect.either(textOf(through, `http://${host}:${port}/`))
    }
    assert.deepStrictEqual(yield* proxy.seen, [])

    const excepted = yield* clientIn({ HTTP_PROXY, NO_PROXY: ".invalid" })
    yield* Effect.flip(textOf(excepted, "http://metrics.invalid/"))
    assert.deepStrictEqual(yield* proxy.seen, [])
    assert.strictEqual(yield* textOf(excepted, "http://metrics.example/"), "direct")
    assert.lengthOf(yield* proxy.seen, 1)

    const none = yield* clientIn({ HTTP_PROXY: "", HTTPS_PROXY: " " })
    yield* Effect.flip(textOf(none, "http://metrics.invalid/"))
    assert.lengthOf(yield* proxy.seen, 1)
  })
)

for (const [list, host, isDirect] of [
  ["metrics.invalid", "metrics.invalid", true],
  ["invalid", "metrics.invalid", true],
  [".invalid", "metrics.invalid", true],
  ["*.invalid", "metrics.invalid", true],
  ["*", "metrics.invalid", true],
  ["other.example,*", "metrics.invalid", true],
  ["*trics.invalid", "metrics.invalid", true],
  ["METRICS.Invalid", "metrics.invalid", true],
  ["metrics.invalid.", "metrics.invalid", true],
  ["metrics.invalid", "metrics.invalid.", true],
  [" other.example , metrics.invalid ,", "metrics.invalid", true],
  ["other.example metrics.invalid", "metrics.invalid", true],
  ["metrics.invalid:80", "metrics.invalid", true],
  ["metrics.invalid:81", "metrics.invalid:81", true],
  ["m\u00e9trique.invalid", "M\u00c9TRIQUE.invalid", true],
  ["0.0.0.0", "0.0.0.0:1", true],
  ["0.0.0.0:1", "0.0.0.0:1", true],
  ["0.0.0.0/8", "0.0.0.0:1", true],
  ["10.0.0.0/8,0.0.0.0/31", "0.0.0.0:1", true],
  ["::", "[::]:1", true],
  ["[::]", "[::]:1", true],
  ["[::]:1", "[::]:1", true],
  ["::/96", "[::]:1", true],
  ["[::]/96", "[::]:1", true],
  ["0:0:0::0", "[::]:1", true],
  ["0.0.0.0/8", "[::ffff:0.0.0.0]:1", true],
  ["", "metrics.example", false],
  [" , ", "metrics.example", false],
  ["metrics.example:81", "metrics.example", false],
  ["etrics.example", "metrics.example", false],
  ["a.metrics.example", "metrics.example", false],
  ["metrics.example.com", "metrics.example", false],
  ["metrics", "metrics.example", false],
  ["10.0.0.0/8", "11.0.0.1", false],
  ["10.0.0.0/8", "10.example", false],
  ["11.0.0.1/33", "11.0.0.1", false],
  ["11.0.0.1/", "11.0.0.1", false],
  ["0.0.0.1:81", "11.0.0.1", false],
  ["11.0.0.0/8", "[::ffff:12.0.0.1]", false],
  ["fd00::/8", "[fe00::1]", false],
  ["::/0", "11.0.0.1", false],
  ["[", "metrics.example", false],
  ["*.", "metrics.example", false]
] as const) {
  it.scoped(
    `NO_PROXY=${JSON.stringify(list)} ${isDirect ? "covers" : "does not cover"} ${host}`,
    () =>
      Effect.gen(function* () {
        const server = yield* listen((_request, response) => response.end("through the proxy"))
        const proxy = yield* listenProxy(portOf(server.url))
        const client = yield* clientIn({ HTTP_PROXY: proxyUrl(proxy.port), NO_PROXY: list })
        const answer = yield* Effect.either(textOf(client, `http://${host}/`))
        assert.lengthOf(yield* proxy.seen, isDirect ? 0 : 1)
        if (!isDirect) assert.strictEqual(yield* answer, "through the proxy")
      })
  )
}

for (const empty of ["", "  "]) {
  it.scoped(
    `the value ${JSON.stringify(empty)} of a lower-case variable does not hide the upper-case one`,
    () =>
      Effect.gen(function* () {
        const server = yield* listen((_request, response) => response.end("through the proxy"))
        const proxy = yield* listenProxy(portOf(server.url))
        const client = yield* clientIn({
          http_proxy: empty,
          HTTP_PROXY: proxyUrl(proxy.port),
          https_proxy: empty,
          HTTPS_PROXY: proxyUrl(proxy.port),
          no_proxy: empty,
          NO_PROXY: "metrics.invalid"
        })
        assert.strictEqual(yield* textOf(client, "http://metrics.example/"), "through the proxy")
        yield* Effect.either(textOf(client, "https://metrics.example/"))
        assert.deepStrictEqual(
          (yield* proxy.seen).map(({ authority }) => authority),
          ["metrics.example:80", "metrics.example:443"]
        )
        yield* Effect.flip(textOf(client, "http://metrics.invalid/"))
        assert.lengthOf(yield* proxy.seen, 2)
      })
  )
}

const metricsThrough = (proxy: string, baseUrl = "https://metrics.example", attempts = 1) =>
  Effect.flatMap(
    inEnvironment({ HTTPS_PROXY: proxy })(
      Layer.build(
        NodeMetrics.layer({
          clientId: "somebody",
          clientSecret: Redacted.make("canary-secret"),
          api: Api.withBaseUrl(Api.v1, baseUrl),
          retry: atOnce(attempts),
          token: { retry: atOnce(attempts) }
        })
      )
    ),
    (context) => Context.get(context, MetricsClient.MetricsClient).query(documented)
  )

it.scoped("a proxy sees neither credentials nor queries, and cannot impersonate the API", () =>
  Effect.gen(function* () {
    const server = yield* listenTls()
    const proxy = yield* listenProxy(server.port)
    const error = yield* Effect.flip(metricsThrough(proxyUrl(proxy.port)))
    assert.deepStrictEqual([error._tag, error.reason], ["AuthError", "Insecure"])
    assert.strictEqual(yield* server.requests, 0)
    const [seen] = yield* proxy.seen
    assert.strictEqual(seen?.authority, "metrics.example:443")
    assert.isUndefined(seen?.headers.authorization)
    assert.notInclude(yield* proxy.tunnelled, "canary")
  })
)

it.scoped("the password of a proxy that rejects it or does not exist is in no error", () =>
  Effect.gen(function* () {
    const proxy = yield* listenProxy(1, "another")
    for (const [url, reason, says] of [
      [proxyUrl(proxy.port), "ProxyRefused", "407"],
      [proxyUrl(1), "Unreachable", "ECONNREFUSED"]
    ] as const) {
      const error = yield* Effect.flip(metricsThrough(url))
      assert.deepStrictEqual([error._tag, error.reason], ["AuthError", reason])
      assert.include(error.message, says)
      assert.include(error.hint, "proxy")
      for (const text of renderings(error)) {
        for (const form of [password, encodeURIComponent(password), basic.slice(6)]) {
          assert.notInclude(text, form)
        }
      }
    }
  })
)

it.scoped("a wrong proxy password is sent once, because the proxy may lock the account", () =>
  Effect.gen(function* () {
    const proxy = yield* listenProxy(1, "another")
    const error = yield* Effect.flip(metricsThrough(proxyUrl(proxy.port), undefined, 4))
    assert.deepStrictEqual([error.reason, error.isRetryable], ["ProxyRefused", false])
    assert.match(error.hint, /password in the proxy's URL/)
    assert.lengthOf(yield* proxy.seen, 1)
  })
)

it.scoped("a proxy's refusal is not retried, for a login or a call", () =>
  Effect.gen(function* () {
    const proxy = yield* listenProxy(1, "another")
    const client = yield* clientIn({ HTTPS_PROXY: proxyUrl(proxy.port) })
    const metrics = yield* MetricsClient.make({
      api: Api.withBaseUrl(Api.v1, "https://metrics.example"),
      retry: atOnce(4)
    }).pipe(
      Effect.provide([
        QueryBuilder.layer,
        TokenProvider.layerStatic({ value: Redacted.make("token"), header: Api.v1.credential })
      ]),
      Effect.provideService(HttpClient.HttpClient, client)
    )
    const error = yield* Effect.flip(metrics.query(documented))
    assert.deepStrictEqual([error._tag, error.reason], ["TransportError", "ProxyRefused"])
    assert.isFalse(error.isRetryable)
    assert.lengthOf(yield* proxy.seen, 1)
  })
)

for (const [name, proxy] of [
  ["not a URL", "canary proxy"],
  ["a host without a scheme", "canary.example:8080"],
  ["another protocol", "ftp://canary.example"],
  ["a password that is badly encoded", "http://canary:%@127.0.0.1:1"]
] as const) {
  it.scoped(`an invalid proxy is a ConfigurationError without its value: ${name}`, () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(metricsThrough(proxy))
      assert.deepStrictEqual(
        [error._tag, error.reason],
        ["ConfigurationError", "InvalidConfiguration"]
      )
      assert.include(error.message, "HTTPS_PROXY")
      for (const text of renderings(error)) assert.notInclude(text, "canary.")
      for (const text of renderings(error)) assert.notInclude(text, "canary:")
    })
  )
}

it.scoped("a process uses the proxy and the certificate authority in its environment", () =>
  Effect.gen(function* () {
    const server = yield* listenTls()
    const proxy = yield* listenProxy(server.port, basic)
    const directory = yield* Effect.acquireRelease(
      Effect.promise(() => mkdtemp(join(tmpdir(), "certificate-"))),
      (directory) => Effect.promise(() => rm(directory, { recursive: true }))
    )
    const authority = join(directory, "authority.pem")
    yield* Effect.promise(() => writeFile(authority, certificate))
    const output = yield* run(queryOnce, {
      INNERSPACE_CLIENT_ID: "somebody",
      INNERSPACE_CLIENT_SECRET: "canary-secret",
      INNERSPACE_BASE_URL: "https://metrics.example",
      INNERSPACE_DEPRECATION_WARNING: "false",
      HTTPS_PROXY: proxyUrl(proxy.port),
      NODE_EXTRA_CA_CERTS: authority
    })
    assert.strictEqual(output.stdout.trim(), '[{"feature_value":7}]')
    // The program prints no warning either.
    assert.strictEqual(output.stderr, "")
    assert.strictEqual(yield* server.requests, 2)
    assert.notInclude(yield* proxy.tunnelled, "canary")
  })
)

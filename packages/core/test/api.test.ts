import { assert, describe, it } from "@effect/vitest"
import * as Api from "@innerspace-metrics/core/Api"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"

const graphqlUrl = (baseUrl: string) => Api.graphqlUrl(Api.withBaseUrl(Api.v2, baseUrl))

const reason = (baseUrl: string) => {
  const result = graphqlUrl(baseUrl)
  return Either.isLeft(result) ? result.left.reason : "accepted"
}

describe("URLs of the generations", () => {
  const urls = [
    [
      "v1",
      Api.v1,
      "https://metrics-api.innrspc.com/",
      "https://metrics-api.innrspc.com/api/rest/oauth/token"
    ],
    [
      "v1.5",
      Api.v1_5,
      "https://api.innerspace.io/",
      "https://api.innerspace.io/api/rest/oauth/token"
    ],
    ["v2", Api.v2, "https://api.innerspace.io/v2/api", "https://api.innerspace.io/v2/oauth/token"]
  ] as const
  for (const [version, api, graphql, token] of urls) {
    it(`the URLs of ${version} are the documented ones`, () => {
      assert.deepStrictEqual(Api.graphqlUrl(api), Either.right(graphql))
      assert.deepStrictEqual(Api.tokenUrl(api), Either.right(token))
    })
  }
})

describe("Api.withBaseUrl", () => {
  it("Api.withBaseUrl keeps the path of a proxy, with or without a trailing slash", () => {
    for (const baseUrl of [
      "https://proxy.example/innerspace",
      "https://proxy.example/innerspace//"
    ]) {
      assert.deepStrictEqual(
        graphqlUrl(baseUrl),
        Either.right("https://proxy.example/innerspace/v2/api")
      )
    }
  })

  it("a base URL may use plain HTTP on loopback only", () => {
    for (const host of [
      "localhost",
      "localhost:4000",
      "127.0.0.1",
      "127.9.9.9:1",
      "[::1]:80",
      "0x7f.1"
    ]) {
      assert.strictEqual(reason(`http://${host}`), "accepted", host)
    }
    for (const host of [
      "api.innerspace.io",
      "10.0.0.1",
      "localhost.example.com",
      "127.0.0.1.example.com",
      "128.0.0.1",
      "[::2]",
      "localhost@evil.example"
    ]) {
      assert.notStrictEqual(reason(`http://${host}`), "accepted", host)
    }
    assert.strictEqual(reason("http://api.innerspace.io"), "InsecureBaseUrl")
  })

  it("a base URL that is not absolute or has more than scheme, host and path is rejected", () => {
    for (const baseUrl of [
      "",
      "api.innerspace.io",
      "/v2",
      "ftp://api.innerspace.io",
      "javascript:alert(1)",
      "https://user:password@api.innerspace.io",
      "https://api.innerspace.io?key=1",
      "https://api.innerspace.io#v2"
    ]) {
      assert.strictEqual(reason(baseUrl), "InvalidBaseUrl", baseUrl)
    }
  })

  it("the error of a base URL does not contain its password", () => {
    const result = graphqlUrl("https://user:hunter2@api.innerspace.io")
    assert.notInclude(Either.isLeft(result) ? result.left.message : "", "hunter2")
  })

  it.prop(
    "a base URL of any text never throws",
    [FastCheck.oneof(FastCheck.string(), FastCheck.webUrl())],
    ([baseUrl]) => {
      assert.isBoolean(Either.isRight(graphqlUrl(baseUrl)))
    }
  )
})

describe("Api.config", () => {
  const from = (settings: Record<string, string>) =>
    Effect.withConfigProvider(Api.config, ConfigProvider.fromMap(new Map(Object.entries(settings))))

  it.effect("the configured generation is v1 by default", () =>
    Effect.map(from({}), (api) => assert.deepStrictEqual(api, Api.v1))
  )

  it.effect("Api.config reads generation and base URL from the configuration", () =>
    Effect.map(
      from({ INNERSPACE_API: "v1.5", INNERSPACE_BASE_URL: "http://localhost:4001" }),
      (api) => assert.deepStrictEqual(api, Api.withBaseUrl(Api.v1_5, "http://localhost:4001"))
    )
  )

  it.effect("the configuration error names a generation that does not exist", () =>
    Effect.map(Effect.flip(from({ INNERSPACE_API: "v3" })), (error) =>
      assert.match(String(error), /INNERSPACE_API.*v3/)
    )
  )
})

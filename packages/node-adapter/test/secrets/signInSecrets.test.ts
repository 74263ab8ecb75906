/**
 * Tests a provider that sends secrets back to the client. These secrets must not be in an error, a
 * log or a span.
 */
import { text } from "node:stream/consumers"
import { assert, describe, it } from "@effect/vitest"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { NodeTokenProvider, WebSessions } from "@innerspace-metrics/node-adapter"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { logAtEveryLevel, logged, renderings, traced } from "../support/printed.js"
import { listen } from "../support/servers/httpServer.js"

const clientSecret = "canary-client-secret"
const deviceCode = "canary-device-code"
const code = "canary-authorization-code"
const refreshToken = "canary-refresh-token"
const accessToken = "canary-access-token"
const cookieSecret = "canary-cookie-secret-of-enough-characters"

/** The fields of token requests that are secret. */
const fields = ["client_secret", "code", "code_verifier", "device_code", "refresh_token", "token"]

/** The responses in which a provider can send back a secret. */
const echoes: ReadonlyArray<
  readonly [
    name: string,
    status: number,
    echo: (secret: string) => string,
    challenge?: (secret: string) => string
  ]
> = [
  [
    "WWW-Authenticate",
    401,
    () => "",
    (secret) => `Bearer error="invalid_client", error_description="${secret}"`
  ],
  ["error", 400, (error) => JSON.stringify({ error })],
  [
    "error_description",
    400,
    (error_description) => JSON.stringify({ error: "invalid_request", error_description })
  ],
  [
    "error_description of invalid_grant",
    403,
    (error_description) => JSON.stringify({ error: "invalid_grant", error_description })
  ],
  ["HTML", 500, (secret) => `<html><body>${secret}</body></html>`],
  ["text of status 200", 200, (secret) => secret],
  ["a field of status 200", 200, (secret) => JSON.stringify({ secret })],
  ["token_type", 200, (token_type) => JSON.stringify({ access_token: accessToken, token_type })],
  [
    "id_token",
    200,
    (id_token) => JSON.stringify({ access_token: accessToken, token_type: "Bearer", id_token })
  ]
]

/**
 * A provider whose token endpoint sends back the secrets that it receives. Before that, it responds
 * correctly to the number of token requests in `honest`.
 */
const provider = (
  [, status, echo, challenge = () => "Bearer"]: (typeof echoes)[number],
  honest: number
) =>
  Effect.gen(function* () {
    const seen = new Set<string>()
    let left = honest
    const server = yield* listen(async (request, response) => {
      const json = (value: unknown) => {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value))
      }
      const base = `http://${request.headers.host}`
      switch (new URL(request.url ?? "/", base).pathname) {
        case "/.well-known/openid-configuration":
          json({
            issuer: `${base}/`,
            authorization_endpoint: `${base}/authorize`,
            token_endpoint: `${base}/token`,
            device_authorization_endpoint: `${base}/device`,
            revocation_endpoint: `${base}/revoke`
          })
          break
        case "/device":
          json({
            device_code: deviceCode,
            user_code: "ABCD",
            verification_uri: `${base}/activate`,
            expires_in: 5,
            interval: 0.01
          })
          break
        default: {
          const body = new URLSearchParams(await text(request))
          const secrets = fields.flatMap((name) => body.get(name) ?? [])
          for (const secret of secrets) seen.add(secret)
          if (left > 0) {
            left--
            json({
              access_token: accessToken,
              token_type: "Bearer",
              expires_in: 3600,
              refresh_token: refreshToken
            })
            return
          }
          const all = secrets.join(" ")
          response
            .writeHead(status, {
              "content-type": "application/json",
              ...(status === 401 ? { "www-authenticate": challenge(all) } : {})
            })
            .end(echo(all))
        }
      }
    })
    return { issuer: server.url, seen }
  })

const settings = { clientId: "client", scope: "offline_access" }

/** Redirects a sign-in with an authorization code, as the provider does. */
const open = async (url: string) => {
  const { searchParams } = new URL(url)
  await fetch(
    `${searchParams.get("redirect_uri")}?${new URLSearchParams({ code, state: searchParams.get("state") ?? "" })}`
  ).catch(() => {})
}

type Flow = (issuer: string) => Effect.Effect<unknown, unknown, Scope.Scope>

const flows: ReadonlyArray<readonly [name: string, honest: number, flow: Flow]> = [
  [
    "the device code",
    0,
    (issuer) =>
      Effect.flatMap(
        NodeTokenProvider.deviceCode({ ...settings, issuer, onCode: () => {} }).make(),
        (provider) => provider.signIn
      )
  ],
  [
    "the code of the browser",
    0,
    (issuer) =>
      Effect.flatMap(
        NodeTokenProvider.browser({ ...settings, issuer, open }).make(),
        (provider) => provider.signIn
      )
  ],
  [
    "the refresh token",
    1,
    (issuer) =>
      Effect.gen(function* () {
        const provider = yield* NodeTokenProvider.browser({ ...settings, issuer, open }).make()
        yield* provider.signIn
        yield* provider.invalidate(yield* provider.get)
        return yield* provider.get
      })
  ],
  [
    "the revocation",
    1,
    (issuer) =>
      Effect.gen(function* () {
        const provider = yield* NodeTokenProvider.browser({ ...settings, issuer, open }).make()
        yield* provider.signIn
        return yield* provider.signOut
      })
  ],
  [
    "the code of a web app",
    0,
    (issuer) =>
      Effect.gen(function* () {
        const sessions = yield* WebSessions.make({
          ...settings,
          issuer,
          clientSecret: Redacted.make(clientSecret),
          cookieSecret: Redacted.make(cookieSecret),
          appUrl: "http://localhost:3000"
        })
        const login = Option.getOrThrow(
          yield* sessions.handle(new Request("http://localhost:3000/login"))
        )
        const state = new URL(login.headers.get("location") ?? "").searchParams.get("state") ?? ""
        const [cookie = ""] = login.headers.getSetCookie()
        const response = Option.getOrThrow(
          yield* sessions.handle(
            new Request(`http://localhost:3000/callback?${new URLSearchParams({ code, state })}`, {
              headers: { cookie: cookie.split(";")[0] ?? "" }
            })
          )
        )
        // This fails with the page that the person sees, so that the test searches the page too.
        return yield* Effect.fail({
          status: response.status,
          headers: [...response.headers],
          page: yield* Effect.promise(() => response.text())
        })
      })
  ]
]

describe("secrets of a sign-in", () => {
  for (const [flowName, honest, flow] of flows) {
    it.live(
      `what a provider echoes of ${flowName} is in no error, log, span or page`,
      () =>
        Effect.forEach(
          echoes.filter(
            // After a status of 500, the client repeats the request until the code expires, which
            // takes too long.
            ([, status]) => !(flowName === "the device code" && status === 500)
          ),
          (echo) =>
            Effect.gen(function* () {
              const [name] = echo
              const { issuer, seen } = yield* provider(echo, honest)
              const { exit, spans } = yield* traced(
                logged(() =>
                  Effect.tap(Effect.exit(Effect.scoped(flow(issuer))), (exit) =>
                    logAtEveryLevel([Exit.isFailure(exit) ? Cause.squash(exit.cause) : "succeeded"])
                  )
                )
              )
              const { exit: ended, lines } = yield* exit
              const shown = [...lines, ...spans, ...renderings(yield* ended)]
              assert.isNotEmpty(seen, name)
              for (const secret of [...seen, accessToken, refreshToken, cookieSecret]) {
                assert.isAtLeast(secret.length, 10)
                for (const text of shown) assert.notInclude(text, secret, `${name}, ${text}`)
              }
            }).pipe(Effect.scoped),
          { discard: true }
        ),
      { timeout: 60_000 }
    )
  }

  it.effect("a grant that is printed shows no token, and the stored text is not plain", () =>
    Effect.gen(function* () {
      const texts = new Map<string, string>()
      const tokenStore = TokenStore.make({
        get: (name) => Effect.sync(() => Option.fromNullable(texts.get(name))),
        set: (name, text) => Effect.sync(() => texts.set(name, Redacted.value(text))),
        remove: (name) => Effect.sync(() => texts.delete(name)),
        lock: () => Effect.void
      })
      const { issuer } = yield* provider(["nothing", 200, () => ""], 1)
      const tokens = yield* NodeTokenProvider.browser({
        ...settings,
        issuer,
        open,
        tokenStore
      }).make()
      yield* tokens.signIn
      for (const shown of [...renderings(tokens), ...renderings(yield* tokens.get)]) {
        assert.notInclude(shown, accessToken)
        assert.notInclude(shown, refreshToken)
      }
      assert.lengthOf([...texts.values()], 1)
    }).pipe(Effect.scoped)
  )
})

/**
 * Tests ID tokens that must not be accepted. The test has the keys of the provider, and makes the
 * tokens.
 */
import { createSign, generateKeyPairSync } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { WebSessions } from "@innerspace-metrics/node-adapter"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { listen } from "../support/servers/httpServer.js"
import { appUrl } from "../support/webUser.js"

const own = generateKeyPairSync("rsa", { modulusLength: 2048 })
const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 })

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

const signed = (key: typeof own, header: object, claims: object): string => {
  const input = `${base64url(header)}.${base64url(claims)}`
  return `${input}.${createSign("RSA-SHA256").update(input).sign(key.privateKey, "base64url")}`
}

interface Asked {
  readonly issuer: string
  readonly nonce: string
}

const header = { alg: "RS256", kid: "own" }

const claimsFor = ({ issuer, nonce }: Asked, now: number) => ({
  iss: issuer,
  sub: "someone",
  aud: "client",
  iat: now,
  exp: now + 300,
  nonce
})

type MakeToken = (asked: Asked, now: number) => string | undefined

const cases: ReadonlyArray<readonly [name: string, status: number, make: MakeToken]> = [
  ["a valid ID token", 303, (asked, now) => signed(own, header, claimsFor(asked, now))],
  [
    "an ID token that expired less than the clock tolerance ago",
    303,
    (asked, now) => signed(own, header, { ...claimsFor(asked, now), exp: now - 10 })
  ],
  [
    "an ID token that is signed with another key",
    502,
    (asked, now) => signed(foreign, header, claimsFor(asked, now))
  ],
  [
    "an ID token without a signature",
    502,
    (asked, now) => `${base64url({ alg: "none" })}.${base64url(claimsFor(asked, now))}.`
  ],
  [
    "an ID token for another app",
    502,
    (asked, now) => signed(own, header, { ...claimsFor(asked, now), aud: "other" })
  ],
  [
    "an ID token of another issuer",
    502,
    (asked, now) =>
      signed(own, header, { ...claimsFor(asked, now), iss: "https://attacker.example/" })
  ],
  [
    "an ID token that has expired",
    502,
    (asked, now) => signed(own, header, { ...claimsFor(asked, now), exp: now - 120 })
  ],
  [
    "an ID token that is valid only later",
    502,
    (asked, now) => signed(own, header, { ...claimsFor(asked, now), nbf: now + 120 })
  ],
  [
    "an ID token of another sign-in",
    502,
    (asked, now) => signed(own, header, { ...claimsFor(asked, now), nonce: "other" })
  ],
  ["a response without an ID token", 502, () => undefined]
]

/**
 * Signs in at a provider that returns this ID token, and returns the status for the browser. The
 * provider and the app use the clock of the test.
 */
const statusFor = (make: MakeToken) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2024-03-31T12:00:00Z"))
    const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
    let nonce = ""
    const server = yield* listen((request, response) => {
      const issuer = `http://${request.headers.host}/`
      const bodies: Readonly<Record<string, unknown>> = {
        "/.well-known/openid-configuration": {
          issuer,
          authorization_endpoint: `${issuer}authorize`,
          token_endpoint: `${issuer}token`,
          jwks_uri: `${issuer}keys`
        },
        "/keys": {
          keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "own", alg: "RS256" }]
        },
        "/token": {
          access_token: "access",
          token_type: "Bearer",
          expires_in: 60,
          id_token: make({ issuer, nonce }, now)
        }
      }
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify(bodies[request.url ?? ""]))
    })
    const sessions = yield* WebSessions.make({
      issuer: server.url,
      clientId: "client",
      clientSecret: Redacted.make("secret"),
      cookieSecret: Redacted.make("a cookie secret of more than 32 characters"),
      appUrl
    })
    const login = Option.getOrThrow(yield* sessions.handle(new Request(`${appUrl}/login`)))
    const asked = new URL(login.headers.get("location") ?? "").searchParams
    nonce = asked.get("nonce") ?? ""
    const [cookie = ""] = login.headers.getSetCookie()
    const query = new URLSearchParams({ code: "code", state: asked.get("state") ?? "" })
    const response = Option.getOrThrow(
      yield* sessions.handle(
        new Request(`${appUrl}/callback?${query}`, {
          headers: { cookie: cookie.split(";")[0] ?? "" }
        })
      )
    )
    const hasSession = response.headers
      .getSetCookie()
      .some((cookie) => cookie.includes("-session=") && !cookie.includes("Max-Age=0"))
    assert.strictEqual(hasSession, response.status === 303)
    return response.status
  })

describe("ID tokens of a sign-in, by the clock of Effect", () => {
  for (const [name, status, make] of cases) {
    it.scoped(`${name} gives ${status === 303 ? "a session" : "no session"}`, () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* statusFor(make), status)
      })
    )
  }
})

import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import type { AuthError } from "@innerspace-metrics/core/MetricsError"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"

const make = (value: string, expiresIn?: unknown) =>
  AccessToken.make({
    value: Redacted.make(value),
    header: Api.v1.credential,
    ...(expiresIn === undefined ? {} : { expiresIn })
  })

const jwt = (payload: string) => `e30.${Encoding.encodeBase64Url(payload)}.c2ln`

const expiryMillis = (token: AccessToken.AccessToken) =>
  Option.map(token.expiresAt, DateTime.toEpochMillis)

describe("AccessToken.make", () => {
  it.effect.prop(
    "accepts any token of visible ASCII, and rejects one with any other character",
    [FastCheck.string({ minLength: 1 })],
    ([value]) =>
      Effect.map(Effect.either(make(value)), (result) =>
        assert.strictEqual(
          Either.isRight(result),
          value.trim() !== "" && [...value.trim()].every((c) => c > " " && c < "\x7f")
        )
      )
  )

  const blank = FastCheck.stringOf(FastCheck.constantFrom(" ", "\t", "\n", "\r\n", "\ufeff"))
  it.effect.prop(
    "removes the spaces and line breaks around a token",
    [blank, blank],
    ([before, after]) =>
      Effect.map(make(`${before}token${after}`), (token) =>
        assert.strictEqual(Redacted.value(token.value), "token")
      )
  )

  /** Asserts that a token is rejected with this problem and this next step. */
  const isRefused = (
    token: Effect.Effect<AccessToken.AccessToken, AuthError>,
    problem: RegExp,
    hint: RegExp
  ) =>
    Effect.map(Effect.flip(token), (error) => {
      assert.strictEqual(error.reason, "InvalidAnswer")
      assert.match(error.problem, problem)
      assert.match(error.hint, hint)
    })

  it.effect("AccessToken.make rejects a token that is empty or not a string", () =>
    // Untyped programs can pass any value, such as a variable that is not set.
    Effect.forEach(["", undefined as never, null as never, 7 as never], (value) =>
      isRefused(make(value), /is empty/, /token endpoint returns/)
    )
  )

  for (const value of ["to\nken", "to ken", "t\u00f6ken", "token\x7f"]) {
    it.effect(`AccessToken.make rejects the token ${JSON.stringify(value)}`, () =>
      isRefused(make(value), /a header cannot hold/, /token endpoint returns/)
    )
  }

  it.effect(
    "does not show an expires_in that is not a number, because it may be a credential",
    () =>
      Effect.map(Effect.flip(make("token", `canary-${"x".repeat(100)}`)), (error) => {
        assert.notInclude(String(error), "canary")
        assert.match(error.problem, /of type string/)
      })
  )

  it.effect("a token is shared if the options say so", () =>
    Effect.gen(function* () {
      const token = { value: Redacted.make("token"), header: Api.v1.credential }
      assert.isFalse((yield* AccessToken.make(token)).isShared)
      assert.isFalse((yield* AccessToken.make({ ...token, isShared: false })).isShared)
      assert.isTrue((yield* AccessToken.make({ ...token, isShared: true })).isShared)
    })
  )

  it.effect.prop(
    "counts expires_in from now",
    [FastCheck.double({ min: 0.001, max: 315_360_000, noNaN: true })],
    ([seconds]) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(1_000)
        assert.deepStrictEqual(
          expiryMillis(yield* make("token", seconds)),
          Option.some(Math.trunc(1_000 + seconds * 1_000))
        )
      })
  )

  it.effect("AccessToken.make accepts a token lifetime of up to ten years", () =>
    Effect.gen(function* () {
      assert.isTrue(Option.isSome((yield* make("token", 315_360_000)).expiresAt))
      yield* isRefused(make("token", 315_360_001), /is 315360001/, /at most 315360000/)
    })
  )

  for (const [expiresIn, seconds] of [
    ["3600", 3_600],
    ["3600.5", 3_600.5],
    [3_600.5, 3_600.5],
    ["0042", 42]
  ] as const) {
    it.effect(`AccessToken.make accepts an expires_in of ${JSON.stringify(expiresIn)}`, () =>
      Effect.map(make("token", expiresIn), (token) =>
        assert.deepStrictEqual(expiryMillis(token), Option.some(seconds * 1_000))
      )
    )
  }

  it.effect("AccessToken.make treats an expires_in of null as missing", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* make("token", null)).expiresAt, Option.none())
      assert.deepStrictEqual(
        expiryMillis(yield* make(jwt('{"exp":1700000000}'), null)),
        Option.some(1_700_000_000_000)
      )
    })
  )

  for (const expiresIn of [
    0,
    -1,
    1e12,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "",
    " ",
    "0",
    "-1",
    "1e3",
    "0x10",
    "3600s",
    "in an hour",
    "1e999",
    "9".repeat(400),
    true,
    {},
    [3_600]
  ]) {
    it.effect(
      `AccessToken.make rejects an expires_in of ${JSON.stringify(expiresIn)} (${typeof expiresIn})`,
      () =>
        Effect.map(Effect.flip(make("token", expiresIn)), (error) => {
          assert.strictEqual(error.reason, "InvalidAnswer")
          assert.match(error.message, /expires_in/)
        })
    )
  }

  it.effect("AccessToken.make reads a JWT's exp up to the last second that a Date can hold", () =>
    Effect.map(make(jwt('{"exp":8640000000000}')), (token) =>
      assert.deepStrictEqual(expiryMillis(token), Option.some(8_640_000_000_000_000))
    )
  )

  it.effect("AccessToken.make reads the expiry of a JWT if expires_in is missing", () =>
    Effect.map(make(jwt('{"exp":1700000000}')), (token) =>
      assert.deepStrictEqual(expiryMillis(token), Option.some(1_700_000_000_000))
    )
  )

  it.effect.prop(
    "counts a JWT's lifetime from when it was obtained, whatever this machine's clock says",
    [FastCheck.integer({ min: 1, max: 86_400 }), FastCheck.integer({ min: -1e6, max: 1e6 })],
    ([lifetime, skew]) =>
      Effect.gen(function* () {
        const iat = 1_700_000_000
        yield* TestClock.setTime((iat + skew) * 1_000)
        const token = yield* make(jwt(JSON.stringify({ iat, exp: iat + lifetime })))
        assert.deepStrictEqual(expiryMillis(token), Option.some((iat + skew + lifetime) * 1_000))
      })
  )

  for (const iat of ["1700000000", "1800000000", '"1600000000"', "null", "-1e300", "{}"]) {
    it.effect(
      `AccessToken.make uses only a JWT's exp if its iat is ${iat}, which gives no lifetime`,
      () =>
        Effect.map(make(jwt(`{"exp":1700000000,"iat":${iat}}`)), (token) =>
          assert.deepStrictEqual(expiryMillis(token), Option.some(1_700_000_000_000))
        )
    )
  }

  it.effect("AccessToken.make prefers expires_in to the JWT's expiry", () =>
    Effect.map(make(jwt('{"exp":1700000000}'), 60), (token) =>
      assert.deepStrictEqual(expiryMillis(token), Option.some(60_000))
    )
  )

  it.effect("AccessToken.make rejects a JWT that has already expired", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_000_000)
      yield* isRefused(make(jwt('{"exp":1700000000}')), /already expired/, /clock/)
    })
  )

  it.effect.prop(
    "neither fails nor dies for text that only looks like a JWT",
    [FastCheck.oneof(FastCheck.json(), FastCheck.string())],
    ([payload]) =>
      Effect.map(make(jwt(payload.replace(/"exp"/g, '"x"'))), (token) =>
        assert.deepStrictEqual(token.expiresAt, Option.none())
      )
  )

  for (const exp of [
    '"soon"',
    '"1700000000"',
    "[1700000000]",
    "null",
    "true",
    "1e300",
    "{}",
    "8640000000001"
  ]) {
    it.effect(`AccessToken.make ignores a JWT's exp of ${exp}`, () =>
      Effect.map(make(jwt(`{"exp":${exp}}`)), (token) =>
        assert.deepStrictEqual(token.expiresAt, Option.none())
      )
    )
  }
})

describe("AccessToken.claims", () => {
  it.effect(
    "claims reads the two characters in which base64url differs from base64, and any text",
    () =>
      Effect.gen(function* () {
        const claims = { name: "\u{1f600} \u00fc ?~?~>~>~" }
        const value = jwt(JSON.stringify(claims))
        assert.match(value, /\.[^.]*-[^.]*\./)
        assert.match(value, /\.[^.]*_[^.]*\./)
        assert.deepStrictEqual(AccessToken.claims(yield* make(value)), Option.some<object>(claims))
      })
  )

  it.effect("a token with fewer or more than three parts has no claims", () =>
    Effect.gen(function* () {
      const [header, payload, signature] = jwt('{"sub":"somebody"}').split(".")
      for (const parts of [
        [payload],
        [header, payload],
        [header, payload, signature, signature],
        [header, payload, "", "", ""]
      ]) {
        assert.deepStrictEqual(AccessToken.claims(yield* make(parts.join("."))), Option.none())
      }
    })
  )

  it.effect.prop(
    "claims returns the payload of a JWT",
    [FastCheck.dictionary(FastCheck.string(), FastCheck.string())],
    ([claims]) =>
      Effect.gen(function* () {
        const token = yield* make(jwt(JSON.stringify({ ...claims, exp: 4_000_000_000 })))
        assert.deepStrictEqual(
          AccessToken.claims(token),
          Option.some({ ...claims, exp: 4_000_000_000 })
        )
      })
  )

  it.effect.prop(
    "a token that is not a JWT has no claims",
    [FastCheck.oneof(FastCheck.stringMatching(/^[!-~]+$/), FastCheck.constant(jwt("[1]")))],
    ([value]) =>
      Effect.map(make(value), (token) =>
        assert.deepStrictEqual(AccessToken.claims(token), Option.none())
      )
  )
})

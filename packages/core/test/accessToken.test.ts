import { assert, describe, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
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
    "takes any token of visible ASCII and none with anything else in it",
    [FastCheck.string({ minLength: 1 })],
    ([value]) =>
      Effect.map(Effect.either(make(value)), (result) =>
        assert.strictEqual(
          Either.isRight(result),
          [...value].every((c) => c > " " && c < "\x7f")
        )
      )
  )

  it.effect("refuses an empty token", () =>
    Effect.map(Effect.flip(make("")), (error) => assert.match(error.message, /is empty/))
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

  for (const expiresIn of [0, -1, 1e12, Number.NaN, Number.POSITIVE_INFINITY, "3600", null, {}]) {
    it.effect(`refuses an expires_in of ${JSON.stringify(expiresIn)} (${typeof expiresIn})`, () =>
      Effect.map(Effect.flip(make("token", expiresIn)), (error) => {
        assert.strictEqual(error.reason, "InvalidAnswer")
        assert.match(error.message, /expires_in/)
      })
    )
  }

  it.effect("reads the expiry of a JWT where expires_in is missing", () =>
    Effect.map(make(jwt('{"exp":1700000000}')), (token) =>
      assert.deepStrictEqual(expiryMillis(token), Option.some(1_700_000_000_000))
    )
  )

  it.effect("prefers expires_in to the JWT", () =>
    Effect.map(make(jwt('{"exp":1700000000}'), 60), (token) =>
      assert.deepStrictEqual(expiryMillis(token), Option.some(60_000))
    )
  )

  it.effect("refuses a JWT that has expired already", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_000_000)
      const error = yield* Effect.flip(make(jwt('{"exp":1700000000}')))
      assert.match(error.message, /expired already/)
    })
  )

  it.effect.prop(
    "never fails or dies on what only looks like a JWT",
    [FastCheck.oneof(FastCheck.json(), FastCheck.string())],
    ([payload]) =>
      Effect.map(make(jwt(payload.replace(/"exp"/g, '"x"'))), (token) =>
        assert.deepStrictEqual(token.expiresAt, Option.none())
      )
  )

  for (const exp of ['"soon"', "null", "1e300", "{}"]) {
    it.effect(`takes a JWT with exp ${exp} as one without`, () =>
      Effect.map(make(jwt(`{"exp":${exp}}`)), (token) =>
        assert.deepStrictEqual(token.expiresAt, Option.none())
      )
    )
  }
})

describe("AccessToken.claims", () => {
  it.effect.prop(
    "reads what a JWT says",
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
    "has nothing for any other token",
    [FastCheck.oneof(FastCheck.stringMatching(/^[!-~]+$/), FastCheck.constant(jwt("[1]")))],
    ([value]) =>
      Effect.map(make(value), (token) =>
        assert.deepStrictEqual(AccessToken.claims(token), Option.none())
      )
  )
})

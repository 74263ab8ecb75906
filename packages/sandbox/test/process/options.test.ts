/**
 * Tests every option with values that its type forbids, but JavaScript and configuration can pass.
 */
import { assert, describe, it } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

/** The wrong values. The name of a value identifies a case that fails. */
const values = {
  text: "20 secs",
  "an empty text": "",
  NaN: Number.NaN,
  "-1": -1,
  "0": 0,
  "1.5": 1.5,
  Infinity: Number.POSITIVE_INFINITY,
  huge: Number.MAX_VALUE,
  null: null,
  true: true,
  "an object": {},
  "an array": [],
  "an array of a string": ["*"],
  "a symbol": Symbol("wrong"),
  "a function": () => 1
}

type ValueName = keyof typeof values

/** JavaScript does not check types. */
const untyped = <A>(value: unknown): A => value as A

/** The names of the values that each option accepts. */
const right: { readonly [Name in keyof Required<Sandbox.Options>]: ReadonlyArray<ValueName> } = {
  port: ["0"],
  seed: ["0"],
  today: [],
  tokenLifetime: [],
  refreshTokenLifetime: [],
  sessionLifetime: [],
  allowedOrigins: ["an array"],
  databaseUrl: [],
  cacheDirectory: ["text"],
  stringifyNumericTypes: ["true"],
  timeLimit: [],
  rowLimit: ["0"],
  allowAggregations: ["true"],
  introspection: ["true"],
  everyType: ["true"]
}

/**
 * Returns the error of a sandbox that does not start. The error must be typed, whatever the options
 * are.
 */
const errorOf = (options: unknown, place: string) =>
  Effect.map(
    Effect.exit(Effect.suspend(() => Effect.scoped(Layer.build(Sandbox.layer(untyped(options)))))),
    (exit) => {
      const cause = Exit.isFailure(exit) ? exit.cause : undefined
      const error = cause && Option.getOrUndefined(Cause.failureOption(cause))
      assert.isDefined(error, `${place}: ${cause === undefined ? "accepted" : Cause.pretty(cause)}`)
      assert.strictEqual(error?.reason, "Options", place)
      return error?.message ?? ""
    }
  )

describe("options with wrong values are errors that name them", () => {
  for (const [name, allowed] of Object.entries(right)) {
    it.effect(name, () =>
      Effect.forEach(
        Object.entries(values).filter(([value]) => !allowed.some((one) => one === value)),
        ([value, given]) =>
          Effect.map(errorOf({ [name]: given }, `${name}: ${value}`), (message) =>
            assert.match(message, new RegExp(`^${name} is .*, but must be `))
          )
      )
    )
  }

  it.effect("today must be a date or an instant", () =>
    Effect.forEach(
      [
        ...[
          "tomorrow",
          "2025-02-30",
          "2025-6-30",
          "20250630",
          "2025-06",
          "10000-01-01",
          "0000-01-01"
        ],
        ...["2025-06-30T08:00", "2025-06-30T08:00:00", "2025-06-30T25:00:00Z", "2025-06-30 08:00Z"],
        ...[20250630, new Date(Number.NaN)]
      ],
      (today) =>
        Effect.map(errorOf({ today }, `today: ${today}`), (message) =>
          assert.match(message, /^today is .*, but must be a date such as "2025-06-30", or/)
        )
    )
  )

  it.effect("options that are not an object are rejected", () =>
    Effect.forEach(
      Object.entries(values).filter(([value]) => value !== "an object"),
      ([value, given]) => errorOf(given, value)
    )
  )

  it.effect("a wrong URL of a database is not shown", () =>
    Effect.forEach(["postgres://someone:p4ssw0rd@localhost", Redacted.make(5)], (databaseUrl) =>
      Effect.map(errorOf({ databaseUrl }, "databaseUrl"), (message) =>
        assert.notInclude(message, "p4ssw0rd")
      )
    )
  )
})

describe("misspelled options are errors", () => {
  for (const [name, hint] of [
    ["tokenLifeTime", "use tokenLifetime"],
    ["allowedOrigin", "use allowedOrigins"],
    ["rowlimit", "use rowLimit"],
    ["somethingElseEntirely", "there are port, seed"]
  ] as const) {
    it.effect(`${name}: ${hint}`, () =>
      Effect.map(errorOf({ [name]: 1 }, name), (message) => {
        assert.include(message, `"${name}"`)
        assert.include(message, hint)
      })
    )
  }
})

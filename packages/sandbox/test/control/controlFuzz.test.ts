import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { request } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

const routes = [
  "faults",
  "clock",
  "lifetimes",
  "role",
  "sessions/end",
  "restate",
  "tokens"
] as const

/** Valid bodies. There is one body for each form that a route accepts. */
const taken: ReadonlyArray<readonly [route: (typeof routes)[number], value: object]> = [
  ["faults", { target: "token", times: 2, effect: { _tag: "RateLimited", retryAfter: 7 } }],
  ["faults", { ordinals: [1, 5], chance: 0.5, duringSeconds: 9, effect: { _tag: "Refused" } }],
  ["faults", { api: "v2", operationName: "a", effect: { _tag: "HugeBody", bytes: 9 } }],
  ["faults", { effect: { _tag: "Answer", body: { base64: "AAA=" }, headers: { "x-a": "1" } } }],
  ["faults", { effect: { _tag: "Override", status: 500, headers: { "x-a": null } } }],
  ["faults", { effect: { _tag: "ColumnGone", table: "ZONES", column: "NAME", renamedTo: "N" } }],
  ["faults", { effect: { _tag: "Restate", date: "2025-05-01" } }],
  ["faults", [{ effect: { _tag: "Reset" } }, { effect: { _tag: "SlowBody", bytes: 1 } }]],
  ["clock", { advanceSeconds: 60 }],
  ["clock", { setTime: "2025-06-01T12:00:00Z" }],
  ["lifetimes", { tokenSeconds: 30, sessionSeconds: 60 }],
  ["role", { rowLimit: 5, introspection: false }],
  ["sessions/end", { username: "mara@example.com" }],
  ["restate", { date: "2025-05-13" }],
  ["tokens", { username: "tom@example.com" }]
]

type Path = ReadonlyArray<string>

/**
 * Returns the paths of all values inside a value. The first path is the path of the value itself.
 */
const paths = (value: unknown): ReadonlyArray<Path> => [
  [],
  ...(typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => paths(inner).map((path) => [key, ...path]))
    : [])
]

const replaceAt = (value: unknown, [key, ...rest]: Path, replacement: unknown): unknown => {
  if (key === undefined) return replacement
  const entries = Object.entries(Object(value)).map(([name, inner]) =>
    name === key ? [name, replaceAt(inner, rest, replacement)] : [name, inner]
  )
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

/** Values that are almost valid, and arbitrary values. */
const replacement = FastCheck.oneof(
  FastCheck.jsonValue({ maxDepth: 3 }),
  FastCheck.constantFrom(0, -1, 0.5, 1e308, Number.MAX_SAFE_INTEGER, "", "\u0000", "9999-99-99"),
  FastCheck.date({ noInvalidDate: true }).map((date) => date.toISOString())
)

const almostRight = FastCheck.constantFrom(...taken).chain(([route, value]) =>
  FastCheck.record({
    route: FastCheck.constant(route),
    body: FastCheck.tuple(FastCheck.constantFrom(...paths(value)), replacement).map(
      ([path, other]) => JSON.stringify(replaceAt(value, path, other))
    )
  })
)

const anything = FastCheck.record({
  route: FastCheck.constantFrom(...routes),
  body: FastCheck.oneof(
    FastCheck.jsonValue().map((value) => JSON.stringify(value)),
    FastCheck.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes))
  )
})

const Refusal = Schema.Struct({
  error: Schema.NonEmptyString,
  details: Schema.optional(
    Schema.NonEmptyArray(Schema.Struct({ path: Schema.String, message: Schema.NonEmptyString }))
  )
})

const send = (route: string, body: string | Uint8Array<ArrayBuffer>) =>
  Effect.flatMap(Sandbox.Sandbox, ({ urls }) =>
    request(`${urls.v1}/_sandbox/${route}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body
    })
  )

/** The status of an accepted body. Only the route `tokens` returns something. */
const acceptedStatus = (route: string): number => (route === "tokens" ? 200 : 204)

/** Asserts that a body is accepted, or rejected with the path of a wrong value. */
const isAnswered = (route: string, body: string | Uint8Array<ArrayBuffer>) =>
  Effect.gen(function* () {
    const { json, status, text } = yield* send(route, body)
    assert.isBelow(text.length, 20_000)
    if (status === acceptedStatus(route)) return
    assert.strictEqual(status, 400)
    yield* Schema.decodeUnknown(Refusal)(json)
  })

layer(Sandbox.layer(), { timeout: startTimeout })("bodies for the control endpoint", (it) => {
  it.effect("valid bodies are accepted", () =>
    Effect.gen(function* () {
      for (const [route, value] of taken) {
        const { status } = yield* send(route, JSON.stringify(value))
        assert.strictEqual(status, acceptedStatus(route))
      }
      yield* (yield* Sandbox.Sandbox).control.reset
    })
  )

  for (const [name, bodies] of [
    ["a valid body with one value changed", almostRight],
    ["any JSON and any bytes", anything]
  ] as const) {
    it.effect(`the control endpoint answers any body: ${name}`, () =>
      Effect.gen(function* () {
        const context = yield* Effect.context<Sandbox.Sandbox>()
        yield* Effect.promise(() =>
          FastCheck.assert(
            FastCheck.asyncProperty(bodies, ({ body, route }) =>
              Effect.runPromise(Effect.provide(isAnswered(route, body), context))
            ),
            { numRuns: 200 }
          )
        )
        // After all accepted bodies, the sandbox must still respond.
        const { control, urls } = yield* Sandbox.Sandbox
        assert.strictEqual((yield* request(`${urls.v1}/_sandbox/clock`)).status, 200)
        yield* control.reset
        assert.strictEqual((yield* request(urls.v1, { method: "POST", body: "{}" })).status, 200)
      })
    )
  }

  it.effect("deep, long or large bodies are rejected fast, with a short message", () =>
    Effect.gen(function* () {
      const deep = (open: string, close: string) => open.repeat(150_000) + close.repeat(150_000)
      const bodies = [
        deep("[", "]"),
        deep(`{"a":`, "}").replace(":}", ":1}"),
        `{"effect":${deep("[", "]")}}`,
        `[${"1,".repeat(400_000)}1]`,
        `{"ordinals":[${"0,".repeat(400_000)}1],"effect":{"_tag":"Reset"}}`,
        `{"effect":{"_tag":"${"x".repeat(900_000)}"}}`,
        `{"${"\\\\".repeat(300_000)}":1}`
      ]
      for (const body of bodies) {
        const { status, text } = yield* send("faults", body)
        assert.strictEqual(status, 400)
        assert.isBelow(text.length, 20_000)
      }
      // This body is valid except for its size.
      const ordinals = `{"ordinals":[${"1,".repeat(200_000)}1],"effect":{"_tag":"Reset"}}`
      assert.strictEqual((yield* send("faults", ordinals)).status, 204)
      const { control, urls } = yield* Sandbox.Sandbox
      yield* Effect.flip(request(urls.v1, { method: "POST", body: "{}" }))
      assert.strictEqual((yield* control.requests).at(-1)?.fault, Fault.reset().effect._tag)
      yield* control.reset
    })
  )
})

/**
 * Tests that any response, token or stored text results in a value or in a typed error of limited
 * size. There must be no exception and no defect, and no prototype may change. The tests use the
 * public API over a transport in memory, so thousands of cases take seconds.
 */
import { assert, it } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Column from "@innerspace-metrics/core/Column"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { keyOf } from "./support/storedTokens.js"
import { clientOver } from "./support/transportClient.js"

const table = Table.make("t", {
  id: Column.assumed(Scalar.Int, "test"),
  at: Column.assumed(Scalar.timestamptz, "test"),
  amount: Column.assumed(Scalar.numeric, "test"),
  big: Column.assumed(Scalar.bigint, "test"),
  value: Column.assumed(Scalar.jsonb, "test"),
  constructor: Column.assumed(Scalar.jsonb, "test")
})
const query = Query.from(table, { select: ["id", "at", "amount", "big", "value", "constructor"] })

const row = {
  id: 1,
  at: "2024-01-01T06:00:00+00:00",
  amount: "1.5",
  big: "9007199254740993",
  value: { a: [1, null] },
  constructor: {}
}

interface Given {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: Uint8Array
}

const maxBodySize = 64 * 1024

const tokens = TokenProvider.layerStatic({
  value: Redacted.make("canary-token"),
  header: Api.v1.credential
})

const clientOf = (given: () => Given) =>
  clientOver(
    () => Effect.sync(() => ({ ...given(), body: [given().body] })),
    { maxBodySize, merge: false, retry: RetryPolicy.make({ attempts: 1 }) },
    tokens
  )

const bytesOf = (text: string) => new TextEncoder().encode(text)

const deep = (depth: number, open = "[", close = "]") => open.repeat(depth) + close.repeat(depth)

/** Bodies that have broken a parser, or could break a parser. */
const corpus: ReadonlyArray<string> = [
  "",
  "null",
  "[]",
  "\ufeff{}",
  '{"data":{"t":[]},"data":null}',
  '{"__proto__":{"data":{"t":[]}}}',
  '{"data":{"__proto__":{"t":[{"id":1}]}}}',
  '{"data":{"t":[{"__proto__":{"polluted":1}}]}}',
  '{"data":{"t":[{"constructor":{"prototype":{"polluted":1}}}]}}',
  '{"errors":{"__proto__":{"message":"no"}}}',
  '{"errors":[{"message":"no","extensions":{"code":"__proto__","path":{}}}]}',
  '{"errors":[{"message":"no","extensions":{"code":"toString"}}]}',
  '{"errors":[{"message":"no","path":["t",0,{"toString":null}]}]}',
  `{"errors":[${"{},".repeat(20_000)}{}]}`,
  `{"errors":[{"message":"${"x".repeat(60_000)}"}]}`,
  `{"error":"${"x".repeat(60_000)}"}`,
  `{"errors":[{}],"data":${deep(30_000)}}`,
  `{"errors":${deep(30_000)}}`,
  `{"errors":[{}],"data":${'{"a":'.repeat(12_000)}1${"}".repeat(12_000)}}`,
  `{"data":${deep(30_000)}}`,
  `{"data":{"t":${deep(30_000)}}}`,
  `{"data":{"t":[{"id":${deep(30_000)}}]}}`,
  `{"data":{"t":[{"value":${deep(30_000)}}]}}`,
  deep(32_000),
  `{"data":{"t":[{"id":1e999,"at":"9999999-01-01","amount":"1e${"9".repeat(100)}","big":"${"9".repeat(5_000)}"}]}}`,
  `{"data":{"t":[{"id":1,"at":"2024-01-01T06:00:00+00:00","amount":"1e2147483647"}]}}`,
  '{"data":{"t":[{"id":1,"at":"+275760-09-13T00:00:00.001Z","amount":"NaN","big":"-0"}]}}',
  `{"data":{"t":[${"1,".repeat(30_000)}1]}}`
]

const valid = JSON.stringify({ data: { t: [row, row] } })

/** Valid input with pieces removed, doubled or inserted. */
const mutated = FastCheck.array(
  FastCheck.tuple(
    FastCheck.nat(valid.length),
    FastCheck.nat(12),
    FastCheck.oneof(
      FastCheck.string({ unit: "binary", maxLength: 4 }),
      FastCheck.constantFrom(
        "{",
        "}",
        "[",
        "]",
        '"',
        ",",
        "null",
        "-",
        "1e9",
        "\\u0000",
        '"__proto__":',
        '"errors":'
      )
    )
  ),
  { minLength: 1, maxLength: 4 }
).map((edits) =>
  edits.reduce(
    (text, [at, length, insert]) => text.slice(0, at) + insert + text.slice(at + length),
    valid
  )
)

const anyKey = FastCheck.oneof(
  FastCheck.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "message",
    "extensions"
  ),
  FastCheck.constantFrom("code", "path", "data", "errors", "error", "t", ...Object.keys(row)),
  FastCheck.string({ maxLength: 5 })
)
const anyJson = FastCheck.letrec((tie) => ({
  value: FastCheck.oneof(
    { depthSize: "small", withCrossShrink: true },
    FastCheck.constant(null),
    FastCheck.boolean(),
    FastCheck.double(),
    FastCheck.string({ unit: "binary", maxLength: 10 }),
    FastCheck.array(tie("value"), { maxLength: 4 }),
    FastCheck.dictionary(anyKey, tie("value"), { maxKeys: 4 })
  )
})).value

const anyBody = FastCheck.oneof(
  { arbitrary: mutated.map(bytesOf), weight: 4 },
  { arbitrary: anyJson.map((json) => bytesOf(JSON.stringify(json))), weight: 2 },
  {
    arbitrary: FastCheck.record({ data: anyJson, errors: anyJson }, { requiredKeys: [] }).map(
      (json) => bytesOf(JSON.stringify(json))
    ),
    weight: 3
  },
  {
    arbitrary: FastCheck.array(
      FastCheck.record(Object.fromEntries(Object.keys(row).map((key) => [key, anyJson]))),
      {
        maxLength: 3
      }
    ).map((t) => bytesOf(JSON.stringify({ data: { t } }))),
    weight: 3
  },
  { arbitrary: FastCheck.uint8Array({ maxLength: 200 }), weight: 1 }
)

const anyHeaderText = FastCheck.oneof(
  FastCheck.constantFrom("0", "-1", "1e309", "NaN", "99999999999", " ", "gzip", "br", "1, 1"),
  FastCheck.constantFrom(
    "Sat, 31 Feb 9999 00:00:00 GMT",
    "Thu",
    "+1",
    "0x10",
    "1e3",
    "canary-token"
  ),
  FastCheck.string({ maxLength: 30 })
)
const anyHeaders = FastCheck.dictionary(
  FastCheck.constantFrom(
    "retry-after",
    "x-ratelimit-reset",
    "content-length",
    "content-encoding",
    "content-type",
    "x-request-id",
    "set-cookie"
  ),
  anyHeaderText,
  { maxKeys: 4 }
)
const anyStatus = FastCheck.oneof(
  { arbitrary: FastCheck.constant(200), weight: 6 },
  { arbitrary: FastCheck.constantFrom(0, 204, 302, 400, 401, 403, 429, 500, 503, 999), weight: 4 },
  { arbitrary: FastCheck.integer({ min: 0, max: 999 }), weight: 1 }
)

/** Fails if an exit is neither a success nor a typed failure that is small enough to print. */
const assertTyped = (exit: Exit.Exit<unknown, { readonly message: string }>) => {
  if (Exit.isSuccess(exit)) return
  if (!Cause.isFailType(exit.cause)) {
    assert.fail(`no typed failure: ${Cause.pretty(exit.cause)}`)
  }
  assert.isAtMost(exit.cause.error.message.length, 5_000)
  // Printing an error must neither overflow the stack nor fill the log.
  assert.isAtMost(JSON.stringify(exit.cause.error).length, 4 * maxBodySize)
  assert.notInclude(JSON.stringify(exit.cause.error), "canary-token")
}

const assertUnpolluted = () => {
  assert.isUndefined(Reflect.get({}, "polluted"))
  assert.deepStrictEqual(Object.keys(Object.prototype), [])
}

let answer: Given = { status: 200, headers: {}, body: new Uint8Array() }
const shared = Effect.runSync(clientOf(() => answer))

/** A Schema of JSON that reads every value inside a value. */
const Nested: Schema.Schema<JsonValue> = Schema.Union(
  Schema.Null,
  Schema.Boolean,
  Schema.Number,
  Schema.String,
  Schema.Array(Schema.suspend(() => Nested)),
  Schema.Record({ key: Schema.String, value: Schema.suspend(() => Nested) })
)

const byHand = {
  operationName: "by_hand",
  document: "query by_hand { t { id } }",
  schema: Schema.Struct({ t: Schema.Array(Schema.Struct({ id: Nested })) })
}

const throughSchema = Query.decode(Query.from(table, { select: ["value"] }), { value: Nested })

const ask = (given: Given) =>
  Effect.gen(function* () {
    answer = given
    const client = shared
    const rows = yield* Effect.exit(client.query(query))
    assertTyped(rows)
    if (Exit.isSuccess(rows)) {
      for (const row of rows.value) {
        assert.strictEqual(Object.getPrototypeOf(row), Object.prototype)
        assert.deepStrictEqual(Object.keys(row), [
          "id",
          "at",
          "amount",
          "big",
          "value",
          "constructor"
        ])
        assert.notStrictEqual<unknown>(row.constructor, Object)
      }
    }
    assertTyped(yield* Effect.exit(client.query(Query.raw(query))))
    assertTyped(yield* Effect.exit(client.schema))
    assertUnpolluted()
  })

for (const [index, body] of corpus.entries()) {
  it(`an odd response is read or a typed error: ${index} ${body.slice(0, 40)}`, () =>
    Effect.runPromise(
      Effect.forEach(
        [200, 401, 429, 503],
        (status) => ask({ status, headers: {}, body: bytesOf(body) }),
        { discard: true }
      )
    ))

  it(`an odd response matches a Schema or is a typed error: ${index} ${body.slice(0, 40)}`, () =>
    Effect.gen(function* () {
      answer = { status: 200, headers: {}, body: bytesOf(body) }
      assertTyped(yield* Effect.exit(shared.execute(byHand)))
      assertTyped(yield* Effect.exit(shared.query(throughSchema)))
      assertUnpolluted()
    }).pipe(Effect.runPromise))
}

it("any response is read or a typed error", () =>
  FastCheck.assert(
    FastCheck.asyncProperty(anyStatus, anyHeaders, anyBody, (status, headers, body) =>
      Effect.runPromise(ask({ status, headers, body }))
    ),
    { numRuns: 1_000 }
  ))

it.effect("a row has the values that were sent, and inherits none from a prototype", () =>
  Effect.gen(function* () {
    const { constructor, ...without } = row
    const client = (body: string) =>
      clientOf(() => ({ status: 200, headers: {}, body: bytesOf(body) }))
    const lacking = yield* client(JSON.stringify({ data: { t: [without] } }))
    const error = yield* Effect.flip(lacking.query(query))
    assert.strictEqual(error._tag, "DecodeError")
    assert.include(error.message, "t.constructor of row 0 is undefined")

    const value = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
    const full = yield* client(
      `{"data":{"t":[${JSON.stringify({ ...without, constructor }).slice(0, -1)},"value":${value}}]}}`
    )
    const rows = yield* full.query(query)
    assert.strictEqual(JSON.stringify(rows[0]?.value), value)
    assertUnpolluted()
  })
)

it.effect("the size limit applies to the expanded body even if its encoding is hidden", () =>
  Effect.gen(function* () {
    let size = 0
    const client = yield* MetricsClient.makeWithTransport(
      (_request, _secrets, options, done) => {
        const collector = HttpExchange.collectBody(200, { "content-length": "100" }, options)
        let refusal = collector.refusal
        while (refusal === undefined) {
          size += 10_000
          refusal = collector.accept(new Uint8Array(10_000))
        }
        done(Either.left(refusal))
        return () => {}
      },
      { maxBodySize, retry: RetryPolicy.make({ attempts: 1 }) }
    ).pipe(Effect.provide(Layer.merge(QueryBuilder.layer, tokens)))
    const error = yield* Effect.flip(client.query(query))
    assert.deepStrictEqual([error._tag, error.reason], ["ResponseError", "TooLarge"])
    assert.isAtMost(size, maxBodySize + 10_000)
  })
)

const base64Url = (text: string) =>
  btoa(String.fromCharCode(...bytesOf(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")

const anyClaims = FastCheck.oneof(
  anyJson.map((json) => JSON.stringify(json)),
  FastCheck.record({ exp: FastCheck.oneof(FastCheck.double(), anyJson) }).map((claims) =>
    JSON.stringify(claims)
  ),
  FastCheck.constantFrom(deep(10_000), '{"exp":1e400}', '{"__proto__":{"exp":1}}', "{"),
  FastCheck.string({ unit: "binary" })
)
const anyToken = FastCheck.oneof(
  FastCheck.string({ unit: "binary" }),
  FastCheck.array(FastCheck.base64String(), { maxLength: 4 }).map((parts) => parts.join(".")),
  anyClaims.map((claims) => `e30.${base64Url(claims)}.c2ln`)
)

it("any token is accepted or a typed error, and its claims never throw", () =>
  FastCheck.assert(
    FastCheck.property(
      anyToken,
      FastCheck.option(FastCheck.oneof(anyJson, FastCheck.double()), { nil: undefined }),
      (value, expiresIn) => {
        const made = Effect.runSyncExit(
          AccessToken.make({ value: Redacted.make(value), header: Api.v1.credential, expiresIn })
        )
        if (Exit.isSuccess(made)) {
          Option.getOrUndefined(AccessToken.claims(made.value))
          assert.isFalse(/[^\x21-\x7e]/.test(Redacted.value(made.value.value)))
        } else {
          assertTyped(made)
          if (value.length > 20) assert.notInclude(Cause.pretty(made.cause), value)
        }
      }
    ),
    { numRuns: 10_000 }
  ))

const key = keyOf(Api.v1)
const anyStored = FastCheck.oneof(
  FastCheck.string({ unit: "binary" }),
  anyJson.map((json) => JSON.stringify(json)),
  FastCheck.record(
    {
      format: FastCheck.oneof(
        { arbitrary: FastCheck.constant(1), weight: 9 },
        { arbitrary: anyJson, weight: 1 }
      ),
      owner: FastCheck.oneof(
        {
          arbitrary: FastCheck.constant([key.version, key.tokenUrl, null, key.clientId]),
          weight: 9
        },
        { arbitrary: anyJson, weight: 1 }
      ),
      obtainedAt: FastCheck.oneof(FastCheck.double(), FastCheck.maxSafeNat(), anyJson),
      expiresAt: FastCheck.oneof(FastCheck.double(), FastCheck.maxSafeInteger(), anyJson),
      token: FastCheck.oneof(anyToken, anyJson)
    },
    { requiredKeys: ["format", "owner"] }
  ).map((stored) => JSON.stringify(stored)),
  FastCheck.constantFrom(...corpus)
)

it("any stored text is a token or a typed error", () =>
  FastCheck.assert(
    FastCheck.asyncProperty(anyStored, async (text) => {
      const store = TokenStore.make({
        get: () => Effect.succeedSome(text),
        set: () => Effect.void,
        remove: () => Effect.void,
        lock: () => Effect.void
      })
      const exit = await Effect.runPromiseExit(store.get(key))
      if (Exit.isFailure(exit))
        assert.isTrue(Cause.isFailType(exit.cause), Cause.pretty(exit.cause))
    }),
    { numRuns: 1_000 }
  ))

const introspection = (types: unknown) => ({
  __schema: { queryType: { name: "query_root" }, types }
})
const anyTypeName = FastCheck.oneof(
  FastCheck.constantFrom("query_root", "t", "t_bool_exp", "Int", "Int_comparison_exp"),
  anyKey
)
const anyTypeReference = FastCheck.letrec((tie) => ({
  type: FastCheck.oneof(
    { depthSize: "small" },
    anyJson,
    FastCheck.record({
      kind: FastCheck.constantFrom("OBJECT", "LIST", "NON_NULL", "SCALAR", "INPUT_OBJECT", "ENUM"),
      name: FastCheck.option(anyTypeName),
      ofType: FastCheck.option(tie("type"))
    })
  )
})).type
const anyField = FastCheck.record({
  name: anyTypeName,
  type: anyTypeReference,
  args: FastCheck.oneof(
    anyJson,
    FastCheck.array(
      FastCheck.record({ name: FastCheck.constantFrom("where"), type: anyTypeReference }),
      {
        maxLength: 2
      }
    )
  )
})
const anySchema = FastCheck.array(
  FastCheck.record({
    kind: FastCheck.constantFrom("OBJECT", "SCALAR", "INPUT_OBJECT", "ENUM"),
    name: anyTypeName,
    fields: FastCheck.oneof(anyJson, FastCheck.array(anyField, { maxLength: 3 })),
    inputFields: FastCheck.oneof(anyJson, FastCheck.array(anyField, { maxLength: 3 })),
    enumValues: anyJson
  }),
  { maxLength: 5 }
)

it("any introspection result is a catalogue or a typed error, and what it names cannot become code", () =>
  FastCheck.assert(
    FastCheck.property(
      FastCheck.oneof(
        anyJson,
        anySchema.map(introspection),
        FastCheck.constant(
          introspection([{ name: "query_root", fields: [{ name: JSON.parse(deep(30_000)) }] }])
        ),
        FastCheck.constantFrom(
          ...corpus.flatMap((text) => Option.toArray(Option.liftThrowable(JSON.parse)(text)))
        )
      ),
      (answer) => {
        const catalog = Catalog.fromIntrospection("live", answer)
        if (Either.isRight(catalog)) {
          for (const { byName, name } of catalog.right.tables.values()) {
            for (const word of [name, ...byName.keys()]) assert.match(word, /^[_A-Za-z]\w*$/)
          }
          Catalog.toTypeScript(catalog.right)
        } else {
          assert.isAtMost(catalog.left.message.length, 5_000)
        }
        assertUnpolluted()
      }
    ),
    { numRuns: 2_000 }
  ))

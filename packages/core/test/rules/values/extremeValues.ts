/**
 * A1 and A6: values that a column can contain but not every client can represent, and types that
 * PostgreSQL cannot compare.
 */
import { assert, type Vitest } from "@effect/vitest"
import * as Query from "@innerspace-metrics/core/Query"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Clients } from "../clients.js"
import { every_type } from "../filters/everyType.js"

const row = <const Name extends keyof (typeof every_type)["columns"] & string>(
  id: number,
  column: Name
) => Query.from(every_type, { select: [column], where: { id } })

const notDecimal =
  "a decimal as text of at most 1,000 digits and an exponent of at most 1,000, or a number of at most 15 digits"

/**
 * Cells of the sandbox that have no value in JavaScript's type for their column. The last element
 * is the expected value in words, as in the error.
 */
const unreadable = [
  ["numeric NaN", "plain", row(37, "numeric"), notDecimal],
  ["numeric NaN", "stringified", row(37, "numeric"), notDecimal],
  [
    "timestamptz infinity",
    "plain",
    row(37, "timestamptz"),
    "a timestamp such as 2024-01-01T06:00:00+00:00"
  ],
  [
    "timestamptz -infinity",
    "plain",
    row(38, "timestamptz"),
    "a timestamp such as 2024-01-01T06:00:00+00:00"
  ]
] as const

export const extremeValues = (it: Vitest.MethodsNonLive<Clients>): void => {
  for (const [what, server, query, expected] of unreadable) {
    it.effect(`A6 ${what} of a ${server} server is an error, and can be read raw`, () =>
      Effect.gen(function* () {
        const client = (yield* Clients)[server].v2
        const error = yield* Effect.flip(client.query<unknown>(query))
        assert(error._tag === "DecodeError")
        assert.deepInclude(error, { reason: "WrongValue", table: "every_type", row: 0, expected })
        assert.strictEqual((yield* client.query(Query.raw<unknown, unknown>(query))).length, 1)
      })
    )
  }

  it.effect(
    "A6 text are bigint, numeric and float8 of a stringified server, and no other numbers",
    () =>
      Effect.gen(function* () {
        const { plain, stringified } = yield* Clients
        const query = Query.raw(
          Query.from(every_type, {
            select: ["int", "smallint", "bigint", "numeric", "float8", "real", "ints", "jsonb"],
            where: { id: 1 }
          })
        )
        const others = {
          int: 71,
          smallint: 7,
          real: 0.1,
          ints: [1, 2],
          jsonb: { a: "x", b: [1, null] }
        }
        assert.deepStrictEqual(yield* stringified.v2.query(query), [
          { ...others, bigint: "42", numeric: "1.234", float8: "0.1" }
        ])
        assert.deepStrictEqual(yield* plain.v2.query(query), [
          { ...others, bigint: 42, numeric: 1.234, float8: 0.1 }
        ])
      })
  )

  it.effect("A6 a bigint beyond 2^53 that arrives as a number has all of its digits", () =>
    Effect.gen(function* () {
      const { plain, stringified } = yield* Clients
      const expected = yield* stringified.v2.query(row(4, "bigint"))
      assert.deepStrictEqual(expected, [{ bigint: 9_223_372_036_854_775_807n }])
      assert.deepStrictEqual(yield* plain.v2.query(row(4, "bigint")), expected)
    })
  )

  it.effect("A6 infinity is text in a timestamp, and a number in float8 and real", () =>
    Effect.gen(function* () {
      const { v2 } = (yield* Clients).plain
      const rows = yield* v2.query(
        Query.from(every_type, {
          select: ["timestamp", "float8", "real"],
          where: { id: [37, 38] },
          orderBy: { id: "asc" }
        })
      )
      assert.deepStrictEqual(rows, [
        { timestamp: "infinity", float8: Number.NaN, real: Number.NaN },
        { timestamp: "-infinity", float8: -Infinity, real: -Infinity }
      ])
    })
  )

  it.effect("A6 a row does not distinguish JSON's null from SQL's null, but a filter does", () =>
    Effect.gen(function* () {
      const { v2 } = (yield* Clients).plain
      const ofNulls = (jsonb: { readonly _is_null: boolean }) =>
        v2.query(
          Query.from(every_type, {
            select: ["id", "jsonb"],
            where: { id: { _gte: 39 }, jsonb, json: jsonb }
          })
        )
      assert.deepStrictEqual(yield* ofNulls({ _is_null: true }), [{ id: 39, jsonb: null }])
      assert.deepStrictEqual(yield* ofNulls({ _is_null: false }), [{ id: 40, jsonb: null }])
    })
  )

  for (const [operator, literal] of Object.entries({
    _eq: "{}",
    _neq: "{}",
    _gt: "1",
    _gte: "1",
    _lt: "1",
    _lte: "1",
    _in: "[{}]",
    _nin: "[{}]"
  })) {
    it.effect(`A1 json ${operator} is in the server's schema, and fails in the database`, () =>
      Effect.gen(function* () {
        const { v2 } = (yield* Clients).plain
        const document = `{ every_type(where: {json: {${operator}: ${literal}}}) { id } }`
        const error = yield* Effect.flip(v2.execute({ document, schema: Schema.Unknown }))
        assert(error._tag === "GraphQLError")
        assert.deepStrictEqual(
          error.errors.map(({ code }) => code),
          ["unexpected"]
        )
      })
    )
  }
}

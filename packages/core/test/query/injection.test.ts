/**
 * Tests that the values of a user are sent as values. Text that becomes a part of a document must
 * be a valid name, and is rejected otherwise.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Column from "@innerspace-metrics/core/Column"
import type * as JsonValue from "@innerspace-metrics/core/JsonValue"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { parse } from "graphql"

const columns = {
  id: Column.assumed(Scalar.Int, "test"),
  text: Column.assumed(Scalar.String, "test"),
  json: Column.assumed(Scalar.jsonb, "test"),
  kind: Column.assumed(Scalar.enumeration("kind_enum", ["room", "desk"]), "test")
}
const table = Table.make("t", columns)

const build = (query: Query.Query<unknown>) =>
  Effect.runSync(Effect.either(QueryBuilder.build(query)))
const built = (query: Query.Query<unknown>) => Either.getOrThrow(build(query))

const attacks = FastCheck.constantFrom(
  '"',
  '""" } { secret',
  "$text",
  "}) { id } other: t(where: {",
  "a b",
  "a(limit: 1)",
  "a @include(if: true)",
  "a: b",
  "#",
  "\n",
  "\ud800",
  "\u2028",
  "__proto__",
  "__schema",
  "constructor",
  "id\n",
  "é",
  ""
)
const anyText = FastCheck.oneof(FastCheck.string({ unit: "binary" }), attacks)
const isName = (text: string) => /^(?!__)[_A-Za-z][_0-9A-Za-z]*$/.test(text)

// JavaScript can pass any text where the type allows only some names.
const unchecked = (value: unknown) => value as never

/** Each place of a query that accepts a value. */
const places: ReadonlyArray<
  readonly [name: string, place: (text: string) => Query.Query<unknown>]
> = [
  ["a comparison", (text) => Query.from(table, { select: ["id"], where: { text } })],
  ["a list", (text) => Query.from(table, { select: ["id"], where: { text: [text, text] } })],
  ["a pattern", (text) => Query.from(table, { select: ["id"], where: { text: { _ilike: text } } })],
  [
    "a negation in a disjunction",
    (text) => Query.from(table, { select: ["id"], where: { _or: [{ _not: { text } }] } })
  ],
  [
    "JSON, in keys and values",
    (text) =>
      Query.from(table, { select: ["id"], where: { json: { _contains: { [text]: [text] } } } })
  ],
  [
    "a JSON key",
    (text) => Query.from(table, { select: ["id"], where: { json: { _has_key: text } } })
  ],
  ["a path", (text) => Query.from(table, { select: [{ column: "json", path: text, as: "part" }] })]
]

describe("values", () => {
  for (const [name, place] of places) {
    it.prop(
      `a value changes neither the document nor another variable: ${name}`,
      [anyText],
      ([text]) => {
        const operation = built(place(text))
        const other = built(place("other"))
        assert.strictEqual(Operation.toText(operation), Operation.toText(other))
        assert.deepStrictEqual(Object.keys(operation.variables), Object.keys(other.variables))
        assert.include(
          JSON.stringify(JSON.parse(JSON.stringify(operation.variables))),
          JSON.stringify(text)
        )
      }
    )

    it.prop(
      `a value is one literal when it is written into the document: ${name}`,
      [anyText],
      ([text]) => {
        const shape = (value: string) =>
          Either.map(Operation.toInlineText(built(place(value))), (inline) =>
            // The shape is the parsed document without positions and values.
            JSON.stringify(parse(inline, { noLocation: true }), (key, field: unknown) =>
              key === "value" ? typeof field : key === "block" ? undefined : field
            )
          )
        const inline = shape(text)
        if (Either.isLeft(inline)) return assert.strictEqual(inline.left.reason, "NotInlineable")
        assert.deepStrictEqual(inline, shape("other"))
      }
    )
  }
})

describe("names", () => {
  const names: ReadonlyArray<
    readonly [name: string, query: (text: string) => Query.Query<unknown>]
  > = [
    ["of an operation", (text) => Query.as(Query.from(table, { select: ["id"] }), text)],
    ["of a selection", (text) => Query.from(table, { select: [{ column: "id", as: text }] })],
    [
      "of an operation, given with the query",
      (text) => Query.from(table, { select: ["id"], operationName: text })
    ]
  ]
  for (const [name, query] of names) {
    it.prop(`a name is a GraphQL name or rejected: ${name}`, [anyText], ([text]) => {
      const operation = build(query(text))
      assert.strictEqual(Either.isRight(operation), isName(text))
      if (Either.isLeft(operation)) return assert.strictEqual(operation.left.reason, "InvalidName")
      const [definition, ...others] = parse(Operation.toText(operation.right)).definitions
      assert.lengthOf(others, 0)
      assert.strictEqual(definition?.kind, "OperationDefinition")
    })
  }

  const unknown: ReadonlyArray<
    readonly [name: string, query: (text: string) => Query.Query<unknown>]
  > = [
    ["of a column to select", (text) => Query.from(table, { select: [unchecked(text)] })],
    [
      "of a column to filter by",
      (text) => Query.from(table, { select: ["id"], where: { [text]: 1 } })
    ],
    [
      "of an operator",
      (text) => Query.from(table, { select: ["id"], where: { id: unchecked({ [text]: 1 }) } })
    ],
    [
      "of a column to order by",
      (text) => Query.from(table, { select: ["id"], orderBy: unchecked([{ [text]: "asc" }]) })
    ],
    [
      "of a direction",
      (text) => Query.from(table, { select: ["id"], orderBy: [{ id: unchecked(text) }] })
    ],
    [
      "of a value of an enum",
      (text) => Query.from(table, { select: ["id"], where: { kind: unchecked(text) } })
    ]
  ]
  for (const [name, query] of unknown) {
    it.prop(`a name is a known one or rejected: ${name}`, [anyText], ([text]) => {
      if (["id", "text", "json", "kind", "room", "desk", "asc", "desc"].includes(text)) return
      const operation = build(query(text))
      assert.isTrue(Either.isLeft(operation), name)
    })
  }

  it.prop(
    "a table or column found at run time by any name is a known one or missing",
    [anyText],
    ([text]) => {
      const catalog = Catalog.make("test", [table])
      const found = Catalog.table(catalog, text)
      assert.strictEqual(Either.isRight(found), text === "t")
    }
  )
})

it("a filter that nests endlessly or in a circle is rejected without a stack overflow", () => {
  let deep: JsonValue.JsonValue = 1
  for (let depth = 0; depth < 100_000; depth++) deep = [deep]
  const operation = build(
    Query.from(table, { select: ["id"], where: { json: { _contains: deep } } })
  )
  assert.isTrue(Either.isLeft(operation))
})

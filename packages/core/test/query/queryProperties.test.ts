/** Tests rules that hold for every query. */
import { assert, describe, it } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import {
  buildSchema,
  type DocumentNode,
  type FieldNode,
  parse,
  validate,
  valueFromASTUntyped,
  visit
} from "graphql"

const columns = {
  int: Column.assumed(Scalar.Int, "test"),
  float: Column.assumed(Scalar.Float, "test"),
  float8: Column.assumed(Scalar.float8, "test"),
  bigint: Column.assumed(Scalar.bigint, "test"),
  numeric: Column.assumed(Scalar.numeric, "test"),
  boolean: Column.assumed(Scalar.Boolean, "test"),
  text: Column.assumed(Scalar.String, "test"),
  time: Column.assumed(Scalar.timestamptz, "test"),
  json: Column.assumed(Scalar.jsonb, "test")
}
const table = Table.make("every_scalar", columns)
type Columns = typeof columns
type Where = Query.Where<Columns>

/**
 * The schema that Hasura generates for such a table. It follows Hasura's documentation and uses no
 * code of the library.
 */
const comparison = (type: string, extra = "") => `input ${type}_comparison_exp {
  _eq: ${type} _neq: ${type} _in: [${type}!] _nin: [${type}!] _is_null: Boolean
  _gt: ${type} _gte: ${type} _lt: ${type} _lte: ${type} ${extra}
}`
const names = Object.keys(columns)
const typeOf = (name: string) => table.byName.get(name)?.scalar.name ?? assert.fail(name)
const schema = buildSchema(`
  scalar float8 scalar bigint scalar numeric scalar timestamptz scalar jsonb
  enum order_by { asc asc_nulls_first asc_nulls_last desc desc_nulls_first desc_nulls_last }
  ${["Int", "Float", "float8", "bigint", "numeric", "Boolean", "timestamptz"].map((type) => comparison(type)).join("\n")}
  ${comparison("String", ["like", "ilike", "similar", "regex", "iregex"].map((op) => `_${op}: String _n${op}: String`).join(" "))}
  ${comparison("jsonb", "_contains: jsonb _contained_in: jsonb _has_key: String _has_keys_any: [String!] _has_keys_all: [String!]")}
  input every_scalar_bool_exp {
    _and: [every_scalar_bool_exp!] _or: [every_scalar_bool_exp!] _not: every_scalar_bool_exp
    ${names.map((name) => `${name}: ${typeOf(name)}_comparison_exp`).join(" ")}
  }
  input every_scalar_order_by { ${names.map((name) => `${name}: order_by`).join(" ")} }
  type every_scalar { ${names.map((name) => `${name}: ${typeOf(name)}`).join(" ")} }
  type Query {
    every_scalar(
      where: every_scalar_bool_exp order_by: [every_scalar_order_by!] limit: Int offset: Int
    ): [every_scalar!]!
  }
`)

/** Any text at all: quotes, line breaks, dollars, emoji, lone surrogates. */
const anyText = FastCheck.oneof(
  FastCheck.string({ unit: "binary" }),
  FastCheck.constantFrom(
    '"',
    '"""',
    "\\",
    "\n",
    "\r\n",
    "$a",
    "}) { x }",
    "\u{1f600}",
    "\ud800",
    "\udc00a"
  )
)
/** Any JSON value except null, because a comparison with null is rejected. */
const anyJson = FastCheck.jsonValue({ depthSize: "small" }).filter(
  (json) => json !== null
  // FastCheck's type allows undefined in objects, but FastCheck generates no undefined.
) as FastCheck.Arbitrary<JsonValue>
const anyInstant = FastCheck.date({
  noInvalidDate: true,
  min: new Date("0000-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z")
})
const anyInt = FastCheck.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const anyFloat = FastCheck.double({ noNaN: true, noDefaultInfinity: true })
const anyBigint = FastCheck.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const anyNumeric = FastCheck.tuple(FastCheck.bigInt(), FastCheck.integer({ min: 0, max: 20 })).map(
  ([digits, scale]) => BigDecimal.make(digits, scale)
)

const ordered = <A>(value: FastCheck.Arbitrary<A>) =>
  FastCheck.record(
    {
      _eq: value,
      _neq: value,
      _in: FastCheck.array(value, { maxLength: 3 }),
      _nin: FastCheck.array(value, { maxLength: 3 }),
      _is_null: FastCheck.boolean(),
      _gt: value,
      _gte: value,
      _lt: value,
      _lte: value
    },
    { requiredKeys: ["_eq"] }
  )

const filter = <A>(value: FastCheck.Arbitrary<A>) =>
  FastCheck.oneof(value, FastCheck.array(value, { maxLength: 3 }), ordered(value))

const anyRange = FastCheck.uniqueArray(anyInstant, {
  minLength: 2,
  maxLength: 2,
  selector: (instant) => instant.getTime()
}).map((instants) => {
  const [start = 0, end = 0] = instants.map((instant) => instant.getTime()).sort((a, b) => a - b)
  return TimeRange.between(new Date(start), new Date(end))
})

const comparisons = {
  int: filter(anyInt),
  float: filter(anyFloat),
  float8: filter(anyFloat),
  bigint: filter(anyBigint),
  numeric: filter(anyNumeric),
  boolean: FastCheck.oneof(FastCheck.boolean(), ordered(FastCheck.boolean())),
  text: FastCheck.oneof(filter(anyText), FastCheck.record({ _nilike: anyText, _regex: anyText })),
  time: FastCheck.oneof(filter(anyInstant), anyRange),
  json: FastCheck.record({ _contains: anyJson, _has_keys_any: FastCheck.array(anyText) })
}

const leaf = FastCheck.record(comparisons, { requiredKeys: [] })

const branch = (part: FastCheck.Arbitrary<Where>): FastCheck.Arbitrary<Where> =>
  FastCheck.record(
    {
      ...comparisons,
      _and: FastCheck.array(part, { maxLength: 2 }),
      _or: FastCheck.tuple(part),
      _not: part
    },
    { requiredKeys: [] }
  )

const where = FastCheck.oneof(leaf, branch(leaf), branch(branch(leaf)))

const options = FastCheck.record({
  select: FastCheck.shuffledSubarray(Object.keys(columns) as Array<keyof Columns>, {
    minLength: 1
  }),
  where,
  orderBy: FastCheck.array(
    FastCheck.tuple(
      FastCheck.constantFrom(...(Object.keys(columns) as Array<keyof Columns>)),
      FastCheck.constantFrom("asc" as const, "desc" as const, "desc_nulls_last" as const)
    ).map(([column, direction]) => ({ [column]: direction }) as Query.OrderBy<Columns>),
    { maxLength: 3 }
  ),
  limit: FastCheck.nat()
})

const fromOptions = ({
  select,
  ...others
}: Omit<Query.Options<Columns, never>, "select"> & { readonly select: Array<keyof Columns> }) =>
  // The generator makes at least one column.
  Query.from(table, { ...others, select: select as [keyof Columns, ...Array<keyof Columns>] })

const built = (query: Query.Query<unknown>) => Effect.runSync(QueryBuilder.build(query))

/** The filter of a document as a JavaScript value, in which values replace the variables. */
const filterOf = (document: DocumentNode, variables: Record<string, unknown>): unknown => {
  let found: unknown
  visit(document, {
    Field: (node: FieldNode) => {
      const argument = node.arguments?.find((argument) => argument.name.value === "where")
      if (argument !== undefined) found = valueFromASTUntyped(argument.value, variables)
    }
  })
  return found
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

describe("any query", () => {
  it.prop(
    "the document of any query parses and validates against the server's schema",
    [options],
    ([options]) => {
      assert.deepStrictEqual(
        validate(schema, parse(Operation.toText(built(fromOptions(options))))),
        []
      )
    }
  )

  it.prop(
    "the operation of any query sends exactly the variables that it declares",
    [options],
    ([options]) => {
      const { document, variables } = built(fromOptions(options))
      const declared = document.definitions.flatMap((definition) =>
        definition.kind === "OperationDefinition"
          ? (definition.variableDefinitions ?? []).map((node) => node.variable.name.value)
          : []
      )
      assert.deepStrictEqual(declared, Object.keys(variables))
    }
  )

  it.prop(
    "the document of any query has the same meaning with its values written into it",
    [options],
    ([options]) => {
      const operation = built(fromOptions(options))
      const inline = Operation.toInlineText(operation)
      // A JSON key that is not a GraphQL name cannot be written as a literal, and half of a
      // surrogate pair cannot be written either.
      if (Either.isLeft(inline)) return assert.strictEqual(inline.left.reason, "NotInlineable")
      const document = parse(inline.right)
      assert.deepStrictEqual(validate(schema, document), [])
      assert.deepStrictEqual(
        asJson(filterOf(document, {})),
        asJson(filterOf(operation.document, operation.variables))
      )
    }
  )

  it.prop("text in any query is unchanged through JSON and back", [anyText], ([text]) => {
    const { variables } = built(Query.from(table, { select: ["int"], where: { text } }))
    assert.strictEqual(JSON.parse(JSON.stringify(variables)).text, text)
  })

  it.prop(
    "the document of any query is the same for every value",
    [anyText, anyText],
    ([one, other]) => {
      const document = (text: string) =>
        Operation.toText(built(Query.from(table, { select: ["int"], where: { text } })))
      assert.strictEqual(document(one), document(other))
    }
  )
})

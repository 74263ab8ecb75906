import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { query, rows } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

const ids = (found: ReadonlyArray<Readonly<Record<string, unknown>>>) => found.map(({ id }) => id)
const where = (filter: string) =>
  `{ rows: every_type(where: {${filter}}, order_by: {id: asc}) { id } }`

const columns = `int smallint bigint numeric float8 real boolean text varchar citext bpchar uuid
  timestamptz timestamp date time timetz jsonb json ints strings kind ltree`

/** A filter, and the ids of the first rows that it finds. */
const found: ReadonlyArray<readonly [rule: string, filter: string, first: ReadonlyArray<number>]> =
  [
    ["smallint accepts numbers and text", `smallint: {_in: [32767, "-32768"]}`, [5, 6, 11, 12]],
    ["numeric keeps all digits of a number", "numeric: {_eq: 123456789012345678901234567890}", [5]],
    ["bigint keeps all digits of a number", "bigint: {_eq: 9223372036854775807}", [4, 12, 20]],
    ["numeric NaN equals itself", `numeric: {_eq: "NaN"}`, [37]],
    ["real is compared as real", "real: {_eq: 0.1}", [1, 8, 15]],
    ["Boolean: false is less than true", "boolean: {_lt: true}", [2, 4, 7, 9]],
    ["citext ignores case", `citext: {_eq: "dEsK"}`, [1, 2, 3, 11]],
    ["a pattern of citext ignores case", `citext: {_like: "dE%"}`, [1, 2, 3, 11]],
    ["bpchar ignores blanks at the end", `bpchar: {_eq: "ab"}`, [1, 9, 17]],
    ["a pattern sees the blanks of bpchar", `bpchar: {_like: "ab"}`, []],
    [
      "uuid accepts capital letters",
      `uuid: {_eq: "E707B3A8-0732-49AE-9156-13FF1138540E"}`,
      [1, 7, 13]
    ],
    ["timestamptz has infinity", `timestamptz: {_gt: "9999-12-31T23:59:59Z"}`, [37]],
    ["timetz is compared as an instant", `timetz: {_lt: "15:22:23+00"}`, [2, 3, 6, 8]],
    ["an array equals in its order", "ints: {_eq: [2, 1]}", [5, 13, 21]],
    ["an array holds in any order", "ints: {_contains: [2, 1]}", [1, 5, 8, 9]],
    ["an array may be in PostgreSQL's own syntax", `ints: {_eq: "{1}"}`, [3, 11, 19]],
    ["an array is in a list of arrays", "ints: {_in: [[1], []]}", [2, 3, 10, 11]],
    [
      "text in an array is quoted",
      `strings: {_contains: ["com,ma", "NULL", "back\\\\slash"]}`,
      [6]
    ],
    ["an enum's value is a name in a document", "kind: {_in: [lounge]}", [4, 9, 14]],
    ["JSON's null is a value of jsonb", `jsonb: {_cast: {String: {_eq: "null"}}}`, [40]],
    [
      "JSON's null is a value of json",
      'json: {_is_null: false}, text: {_eq: "nothing else"}',
      [40]
    ],
    ["ltree _ancestor includes the path itself", `ltree: {_ancestor: "site.floor1"}`, [1, 2, 8, 9]],
    ["ltree _ancestor_any", `ltree: {_ancestor_any: ["other.x", "nothing"]}`, [6, 8, 14]],
    ["ltree _descendant", `ltree: {_descendant: "other"}`, [6, 7, 14]],
    ["ltree _descendant_any", `ltree: {_descendant_any: ["other.floor1", "site.floor2"]}`, [5, 7]],
    ["ltree _matches", `ltree: {_matches: "*.desk"}`, [3, 5, 11]],
    ["ltree _matches_any", `ltree: {_matches_any: ["*.room", "other"]}`, [6, 7, 14]],
    ["ltree _matches_fulltext", `ltree: {_matches_fulltext: "floor1 & !desk"}`, [1, 7, 9]]
  ]

const refused: ReadonlyArray<readonly [filter: string, code: string, says: string]> = [
  [
    `uuid: {_like: "e7%"}`,
    "validation-failed",
    "field '_like' not found in type: 'uuid_comparison_exp'"
  ],
  [
    "kind: {_gt: desk}",
    "validation-failed",
    "field '_gt' not found in type: 'every_type_kind_enum_comparison_exp'"
  ],
  [
    "kind: {_eq: sofa}",
    "validation-failed",
    "expected one of the values ['desk', 'lounge', 'meeting_room'] for type 'every_type_kind_enum', but found 'sofa'"
  ],
  [`kind: {_eq: "desk"}`, "validation-failed", "expected an enum value"],
  [
    "ints: {_like: 1}",
    "validation-failed",
    "field '_like' not found in type: 'Int_array_comparison_exp'"
  ],
  ["ints: {_eq: 1}", "parse-failed", "parsing [] failed, expected Array"],
  ["ints: {_contains: [1.5]}", "parse-failed", "not an integer"],
  ["smallint: {_eq: 32768}", "parse-failed", "The value 32768.0 lies outside the bounds"],
  ["boolean: {_eq: 1}", "parse-failed", "expected Boolean"],
  [`boolean: {_eq: "maybe"}`, "data-exception", "invalid input syntax for type boolean"],
  [`uuid: {_eq: "71"}`, "data-exception", "invalid input syntax for type uuid"],
  ["json: {_eq: {}}", "unexpected", "database query error"],
  ["json: {_in: [1]}", "unexpected", "database query error"],
  ["json: {_gt: 1}", "unexpected", "database query error"],
  [
    "json: {_contains: {}}",
    "validation-failed",
    "field '_contains' not found in type: 'json_comparison_exp'"
  ]
]

const on = Sandbox.layer({ everyType: true })

layer(on, { timeout: startTimeout })("a column of every type", (it) => {
  for (const [rule, filter, first] of found) {
    it.effect(rule, () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const some = ids(yield* rows(sandbox, where(filter), { api: "v2" }))
        assert.deepStrictEqual(some.slice(0, Math.max(first.length, 1)), [...first])
      })
    )
  }

  for (const [filter, code, says] of refused) {
    it.effect(`${filter} is ${code}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const { json, text } = yield* query(sandbox, where(filter), { api: "v2" })
        assert.include(text, `"code":"${code}"`)
        assert.include(JSON.stringify(json).replaceAll('\\"', '"'), says)
      })
    )
  }

  it.effect("an enum's value is a string in a variable, of the enum's type by name", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const ask = (type: string) =>
        `query ($kind: ${type}) { rows: every_type(where: {kind: {_eq: $kind}}, order_by: {id: asc}) { id } }`
      const variables = { kind: "lounge" }
      const lounges = yield* rows(sandbox, ask("every_type_kind_enum"), { api: "v2", variables })
      assert.deepStrictEqual(ids(lounges).slice(0, 3), [4, 9, 14])
      const { text } = yield* query(sandbox, ask("String"), { api: "v2", variables })
      assert.include(
        text,
        "declared as 'String', but used where 'every_type_kind_enum' is expected"
      )
    })
  )

  it.effect("each generation has the same 40 rows and finds one by its key", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const all = `{ rows: every_type(order_by: {id: asc}) { id ${columns} } }`
      const v2 = yield* rows(sandbox, all, { api: "v2" })
      assert.deepStrictEqual(
        ids(v2),
        Array.from({ length: 40 }, (_, index) => index + 1)
      )
      assert.deepStrictEqual(yield* rows(sandbox, all, { api: "v1" }), v2)
      assert.deepStrictEqual(yield* rows(sandbox, all, { api: "v1.5" }), v2)
      for (const column of columns.split(/\s+/)) {
        const cells = v2.map((row) => row[column])
        assert.isTrue(cells.includes(null), column)
        assert.isAbove(new Set(cells.map((cell) => JSON.stringify(cell))).size, 2, column)
      }
      const { json } = yield* query(sandbox, "{ r: every_type_by_pk(id: 1) { id kind } }", {
        api: "v2"
      })
      assert.deepStrictEqual(json, { data: { r: { id: 1, kind: "desk" } } })
    })
  )

  it.effect("the schema has the types of each column and of its operators' arguments", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const ask = `{ ltree: __type(name: "ltree_comparison_exp") { inputFields { name type { name ofType { ofType { name } } } } }
        strings: __type(name: "String_array_comparison_exp") { inputFields { name } }
        kind: __type(name: "every_type_kind_enum") { enumValues { name } }
        kinds: __type(name: "every_type_kind_enum_comparison_exp") { inputFields { name } } }`
      const { json } = yield* query(sandbox, ask, { api: "v2" })
      const operator = (name: string, type: string | null, element?: string) => ({
        name,
        type: { name: type, ofType: element === undefined ? null : { ofType: { name: element } } }
      })
      assert.deepStrictEqual(Object(json).data.ltree.inputFields.slice(-7), [
        operator("_ancestor", "ltree"),
        operator("_ancestor_any", null, "ltree"),
        operator("_descendant", "ltree"),
        operator("_descendant_any", null, "ltree"),
        operator("_matches", "lquery"),
        operator("_matches_any", null, "String"),
        operator("_matches_fulltext", "ltxtquery")
      ])
      const named = (fields: ReadonlyArray<{ readonly name: string }>) =>
        fields.map(({ name }) => name)
      assert.includeMembers(named(Object(json).data.strings.inputFields), [
        "_contains",
        "_contained_in"
      ])
      assert.deepStrictEqual(named(Object(json).data.kind.enumValues), [
        "desk",
        "lounge",
        "meeting_room"
      ])
      assert.deepStrictEqual(named(Object(json).data.kinds.inputFields), [
        "_is_null",
        "_eq",
        "_neq",
        "_in",
        "_nin"
      ])
    })
  )

  it.effect(
    "a sandbox without the option does not have the table, with the same prepared database",
    () =>
      Effect.gen(function* () {
        const plain = yield* Sandbox.make({ stringifyNumericTypes: true })
        const { text } = yield* query(plain, "{ r: every_type { id } }", { api: "v2" })
        assert.include(text, "field 'every_type' not found in type: 'query_root'")
      }).pipe(Effect.scoped)
  )
})

layer(Sandbox.layer({ everyType: true, stringifyNumericTypes: true }), { timeout: startTimeout })(
  "wide numbers as text",
  (it) => {
    it.effect("bigint, numeric and float8 are text, all other numbers are not", () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const [row] = yield* rows(
          sandbox,
          "{ rows: every_type(where: {id: {_eq: 5}}) { int smallint bigint numeric float8 real ints } }",
          { api: "v2" }
        )
        assert.deepStrictEqual(row, {
          int: 2_147_483_647,
          smallint: 32_767,
          bigint: null,
          numeric: "123456789012345678901234567890",
          float8: "1e+300",
          real: 3.402_823_5e38,
          ints: [2, 1]
        })
      })
    )
  }
)

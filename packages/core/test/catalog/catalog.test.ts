/** Tests how catalogues find tables, read introspection and other input, and are compared. */
import { assert, describe, it } from "@effect/vitest"
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Column from "@innerspace-metrics/core/Column"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Relationship from "@innerspace-metrics/core/Relationship"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as v1 from "@innerspace-metrics/core/v1"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as v2 from "@innerspace-metrics/core/v2"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { buildSchema, introspectionFromSchema } from "graphql"

const of = <Decoded, Filter>(scalar: Scalar.Scalar<Decoded, Filter>) =>
  Column.documented(scalar, "test")

const readError = (answer: unknown): Catalog.CatalogError =>
  Either.match(Catalog.fromIntrospection("live", answer), {
    onLeft: (error) => error,
    onRight: () => assert.fail("a catalogue was made of it")
  })

const tableIn = (answer: unknown, name: string): Table.Any =>
  Either.getOrThrow(Catalog.fromIntrospection("live", answer)).tables.get(name) ??
  assert.fail(`the table ${name} is missing`)

describe("Catalog.table", () => {
  const catalog = Catalog.make("buildings", [building_metrics])

  it.effect(
    "Catalog.table finds a table whose name is known at run time, and it can be queried",
    () =>
      Effect.gen(function* () {
        const table = yield* Catalog.table(catalog, "building_metrics")
        const query = Query.from(table, {
          select: ["metric_value"],
          where: { building_id: [71, 72], metric_name: { _like: "occ%" } },
          allowOpen: ["metric_name", "granularity", "group_id"]
        })
        const operation = yield* QueryBuilder.build(query)
        assert.strictEqual(
          yield* Operation.toInlineText(operation),
          'query building_metrics {\n  building_metrics(\n    where: {building_id: {_in: [71, 72]}, metric_name: {_like: "occ%"}}\n  ) {\n    metric_value\n  }\n}'
        )
      })
  )

  it.effect("names and operators of a table found at run time are checked by the builder", () =>
    Effect.gen(function* () {
      const table = yield* Catalog.table(catalog, "building_metrics")
      const error = yield* Effect.flip(
        QueryBuilder.build(Query.from(table, { select: ["metric_value"], where: { floor: 1 } }))
      )
      assert.strictEqual(error.reason, "UnknownColumn")
    })
  )

  it("the error of an unknown table names the existing tables", () => {
    const error = Either.getOrThrow(Either.flip(Catalog.table(catalog, "zones")))
    assert.strictEqual(error.reason, "UnknownTable")
    assert.strictEqual(
      error.message,
      'The catalogue buildings has no table "zones". Use one of building_metrics.'
    )
  })

  it("a catalogue uses the later of two tables with the same name", () => {
    const wider = Table.make("building_metrics", { building_id: of(Scalar.bigint) })
    const both = Catalog.make("both", [building_metrics, wider])
    assert.deepStrictEqual([...both.tables.values()], [wider])
  })
})

describe("the shipped catalogues", () => {
  for (const [name, module] of Object.entries({ v1, v2 })) {
    it(`the catalogue of ${name} has all tables of its module`, () => {
      const { catalog, ...tables } = module
      assert.strictEqual(catalog.name, name)
      assert.sameMembers([...catalog.tables.values()], Object.values(tables))
    })
  }
})

describe("fromIntrospection", () => {
  const server = (fields: string, types = "") =>
    introspectionFromSchema(
      buildSchema(
        `schema { query: query_root } type query_root { ${fields} } ${types}
         input Int_comparison_exp { _eq: Int _in: [Int!] }
         input zone_bool_exp { id: Int_comparison_exp }
         type zone { id: Int! }`,
        { assumeValid: true }
      )
    )
  const zones = "zones(where: zone_bool_exp): [zone!]!"

  it("fromIntrospection accepts a whole response and its data", () => {
    const data = server(zones)
    assert.strictEqual(tableIn(data, "zones").byName.size, 1)
    assert.strictEqual(tableIn({ data }, "zones").byName.size, 1)
  })

  it("fromIntrospection gives a column exactly the operators of its filter", () => {
    const column = tableIn(server(zones), "zones").byName.get("id")
    assert.strictEqual(column?.isNullable, false)
    assert.strictEqual(column?.scalar.name, "Int")
    assert.deepStrictEqual(Object.keys(column?.scalar.operators ?? {}), ["_eq", "_in"])
  })

  it("fromIntrospection gives a column without a filter no operators", () => {
    const rows =
      "type log { at: timestamptz } input log_bool_exp { _not: log_bool_exp } scalar timestamptz"
    const column = tableIn(server("logs(where: log_bool_exp): [log!]!", rows), "logs").byName.get(
      "at"
    )
    assert.deepStrictEqual(column?.scalar.operators, {})
  })

  it.effect(
    "fromIntrospection declares values of an unknown type by the type's name, as JSON",
    () =>
      Effect.gen(function* () {
        const types = `scalar money type rent { price: money }
        input money_comparison_exp { _eq: money _in: [money!] _is_null: Boolean _near: money_near _in_words: String }
        input money_near { price: money! } input rent_bool_exp { price: money_comparison_exp }`
        const catalog = Either.getOrThrow(
          Catalog.fromIntrospection("live", server("rents(where: rent_bool_exp): [rent!]!", types))
        )
        const rents = yield* Catalog.table(catalog, "rents")
        const build = (price: unknown) =>
          QueryBuilder.build(Query.from(rents, { select: ["price"], where: { price } }))
        const { document, variables, decode } = yield* build({ _eq: "$5", _in: ["$6"] })
        assert.match(
          Operation.toText({ name: "rents", document, variables, decode }),
          /\$price: money!, \$price_in: \[money!\]!/
        )
        assert.deepStrictEqual(yield* decode({ rents: [{ price: { amount: 5 } }] }), [
          { price: { amount: 5 } }
        ])
        for (const filter of [{ _near: { price: 1 } }, { _gt: "$5" }]) {
          assert.strictEqual((yield* Effect.flip(build(filter))).reason, "UnknownOperator")
        }
        for (const filter of [{ _in_words: 5 }, { _is_null: "no" }, { _in: "$5" }, { _eq: 5n }]) {
          assert.strictEqual((yield* Effect.flip(build(filter))).reason, "InvalidValue")
        }
      })
  )

  const desks = `enum kind_enum { room desk } type desk { kind: kind_enum! kinds: [kind_enum!] }
    input kind_enum_comparison_exp { _eq: kind_enum _in: [kind_enum!] _is_null: Boolean _neq: kind_enum _nin: [kind_enum!] }
    input desk_bool_exp { kind: kind_enum_comparison_exp }`

  it.effect(
    "fromIntrospection makes an enum an enumeration, which filters by known values and decodes any",
    () =>
      Effect.gen(function* () {
        const answer = server("desks(where: desk_bool_exp): [desk!]!", desks)
        const column = tableIn(answer, "desks").byName.get("kind")
        assert.deepStrictEqual(column?.scalar.values, ["room", "desk"])
        assert.strictEqual(column?.evidence, "observed")
        const table = yield* Catalog.table(
          yield* Catalog.fromIntrospection("live", answer),
          "desks"
        )
        const build = (kind: unknown) =>
          QueryBuilder.build(Query.from(table, { select: ["kind"], where: { kind } }))
        const operation = yield* build(["room"])
        assert.match(Operation.toText(operation), /\$kind_in: \[kind_enum!\]!/)
        assert.deepStrictEqual(yield* operation.decode({ desks: [{ kind: "lab" }] }), [
          { kind: "lab" }
        ])
        const error = yield* Effect.flip(build("lab"))
        assert.strictEqual(error.reason, "InvalidValue")
        assert.strictEqual(error.hint, "Pass one of room, desk")
      })
  )

  it("fromIntrospection finds only root fields that select rows and need no other arguments", () => {
    const names = [
      ...Either.getOrThrow(
        Catalog.fromIntrospection(
          "live",
          server(
            `${zones}
             zones_by_pk(id: Int!): zone
             zones_aggregate(where: zone_bool_exp): zones_aggregate!
             search_zones(args: search_args! where: zone_bool_exp): [zone!]!
             first_zones(count: Int! = 5, where: zone_bool_exp): [zone!]!
             version: String
             names(where: zone_bool_exp): [String!]!
             remote(where: remote_filter): [zone!]!
             secrets(where: secret_bool_exp): [secret!]!`,
            `type zones_aggregate { nodes: [zone!]! } input search_args { text: String }
             input remote_filter { id: Int } type secret { zone: zone } input secret_bool_exp { _not: secret_bool_exp }`
          )
        )
      ).tables.keys()
    ]
    assert.deepStrictEqual(names, ["first_zones", "zones"])
  })

  it("fromIntrospection resolves a relationship to the root field named like its type, or else to the first", () => {
    const answer = server(
      `a_zones(where: zone_bool_exp): [zone!]! zone(where: zone_bool_exp): [zone!]! ${zones}
       floors(where: floor_bool_exp): [floor!]!`,
      `type floor { level: Int lobby: zone zones(where: zone_bool_exp): [zone!]! nearest(x: Int!): zone }
       input floor_bool_exp { level: Int_comparison_exp }`
    )
    const { relationships } = tableIn(answer, "floors")
    assert.deepStrictEqual(
      Array.from(relationships, ([name, { isMany, table }]) => [name, isMany, table().name]),
      [
        ["lobby", false, "zone"],
        ["zones", true, "zone"]
      ]
    )
  })

  describe("typed errors", () => {
    const good = () => server(`${zones} desks(where: desk_bool_exp): [desk!]!`, desks)
    const withType = (name: string, parts: object) => {
      const answer = good()
      return {
        __schema: {
          ...answer.__schema,
          types: answer.__schema.types.map((type) =>
            type.name === name ? { ...type, ...parts } : type
          )
        }
      }
    }
    const without = (name: string) => {
      const answer = good()
      return {
        __schema: {
          ...answer.__schema,
          types: answer.__schema.types.filter((type) => type.name !== name)
        }
      }
    }
    const deep = (levels: number) => {
      let type: unknown = { kind: "SCALAR", name: "Int" }
      for (let level = 0; level < levels; level++) type = { kind: "LIST", name: null, ofType: type }
      return type
    }
    const cyclic: { [key: string]: unknown } = { kind: "LIST" }
    cyclic["ofType"] = cyclic

    const cases: ReadonlyArray<
      readonly [what: string, answer: unknown, reason: Catalog.CatalogError["reason"]]
    > = [
      ["undefined", undefined, "NotIntrospection"],
      ["null", null, "NotIntrospection"],
      ["text", "{}", "NotIntrospection"],
      ["a list", [good()], "NotIntrospection"],
      ["an answer with errors", { errors: [{ message: "no" }] }, "NotIntrospection"],
      ["data that is null", { data: null }, "NotIntrospection"],
      ["no query type", { __schema: { types: [] } }, "NotIntrospection"],
      [
        "types that are not a list",
        { __schema: { queryType: { name: "q" }, types: {} } },
        "NotIntrospection"
      ],
      [
        "types without names",
        { __schema: { queryType: { name: "q" }, types: [null, 1, {}] } },
        "UnknownType"
      ],
      ["a query type that is missing", without("query_root"), "UnknownType"],
      ["a row type that is missing", without("zone"), "UnknownType"],
      ["a filter that is missing", without("zone_bool_exp"), "UnknownType"],
      ["a comparison that is missing", without("Int_comparison_exp"), "UnknownType"],
      ["no tables", server("version: String"), "NoTables"],
      ["fields that are null", withType("zone", { fields: null }), "NotIntrospection"],
      [
        "a field without arguments",
        withType("zone", { fields: [{ name: "id", type: deep(0) }] }),
        "NotIntrospection"
      ],
      [
        "a field of no type",
        withType("zone", { fields: [{ name: "id", type: null, args: [] }] }),
        "NotIntrospection"
      ],
      [
        "a type in many lists",
        withType("zone", { fields: [{ name: "id", type: deep(100_000), args: [] }] }),
        "NotIntrospection"
      ],
      [
        "a type in itself",
        withType("zone", { fields: [{ name: "id", type: cyclic, args: [] }] }),
        "NotIntrospection"
      ],
      ["values that are null", withType("kind_enum", { enumValues: null }), "NotIntrospection"],
      [
        "code for a value of an enum",
        withType("kind_enum", { enumValues: [{ name: 'a", evil(), "' }] }),
        "InvalidName"
      ],
      [
        "code for the name of a column",
        withType("zone", { fields: [{ name: "id: 1 }; evil(); ({ a", type: deep(0), args: [] }] }),
        "InvalidName"
      ],
      [
        "code for the name of a type",
        withType("zone", {
          fields: [{ name: "id", type: { kind: "SCALAR", name: '"+evil()+"' }, args: [] }]
        }),
        "InvalidName"
      ],
      [
        "code for the name of an operator",
        withType("Int_comparison_exp", { inputFields: [{ name: "_eq: evil()", type: deep(0) }] }),
        "InvalidName"
      ]
    ]
    for (const [what, answer, reason] of cases) {
      it(`fromIntrospection fails with a typed error for ${what}`, () => {
        const error = readError(answer)
        assert.strictEqual(error._tag, "CatalogError")
        assert.strictEqual(error.reason, reason)
        assert.strictEqual(error.message, `${error.problem}. ${error.hint}.`)
      })
    }

    it("the error of fromIntrospection says where the response is malformed", () => {
      const answer = withType("zone", { fields: [{ name: 5, type: deep(0), args: [] }] })
      assert.match(readError(answer).problem, /zone\.fields\.0\.name/)
    })
  })
})

describe("toTypeScript", () => {
  it("toTypeScript fails with a typed error for a name that is not a GraphQL name", () => {
    const catalog = Catalog.make("made by hand", [Table.make("a; evil()", { id: of(Scalar.Int) })])
    const error = Either.getOrThrow(Either.flip(Catalog.toTypeScript(catalog)))
    assert.strictEqual(error.reason, "InvalidName")
  })

  it("toTypeScript fails with a typed error for a relationship out of the catalogue", () => {
    const sites = Table.make("sites", { id: of(Scalar.Int) })
    const zones = Table.make("zones", { site: Relationship.one(() => sites) })
    const error = Either.getOrThrow(
      Either.flip(Catalog.toTypeScript(Catalog.make("zones", [zones])))
    )
    assert.strictEqual(error.reason, "UnknownTable")
    assert.match(error.message, /zones\.site leads to the table "sites"/)
  })

  it("toTypeScript prints where the tables come from", () => {
    const catalog = Catalog.make("live", [Table.make("sites", { id: of(Scalar.Int) })])
    const text = Either.getOrThrow(Catalog.toTypeScript(catalog, { source: 'the "live" schema' }))
    assert.match(text, /^const source = 'the "live" schema'$/m)
  })
})

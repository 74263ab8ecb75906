import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { authorize, endpoints, post, rows } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"
import type { Row, Types, Where } from "../support/threeValued.js"
import { evaluate } from "../support/threeValued.js"

/** Some rows of a table, which fit in memory, and the columns for which filters are generated. */
interface Part {
  readonly name: string
  readonly api: Sandbox.ApiName
  readonly table: string
  /** The fields of the filter that selects these rows. */
  readonly of: string
  readonly types: Types
  /** The columns that identify a row. */
  readonly keys: ReadonlyArray<string>
  readonly comparisons: (rows: ReadonlyArray<Row>) => Readonly<Record<string, fc.Arbitrary<Where>>>
}

const values = ["_eq", "_neq", "_gt", "_gte", "_lt", "_lte"]

/** Generates up to three operators for a column, with values near the values in the rows. */
const operators = (
  value: fc.Arbitrary<unknown>,
  names: ReadonlyArray<string> = values,
  more: Readonly<Record<string, fc.Arbitrary<unknown>>> = {}
): fc.Arbitrary<Where> => {
  const lists = fc.array(value, { maxLength: 4 })
  const one = fc.oneof(
    fc.tuple(fc.constantFrom(...names), value),
    fc.tuple(fc.constantFrom("_in", "_nin"), lists),
    fc.tuple(fc.constant("_is_null"), fc.boolean()),
    ...Object.entries(more).map(([name, arbitrary]) => fc.tuple(fc.constant(name), arbitrary))
  )
  return fc.array(one, { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs))
}

const occurring = (found: ReadonlyArray<Row>, column: string): fc.Arbitrary<unknown> => {
  const known = [...new Set(found.map((row) => row[column]))].filter((value) => value !== null)
  return fc.constantFrom(...known)
}

/**
 * Generates numbers that are in the rows, and numbers next to them. Some of the numbers are text.
 */
const numbers = (found: ReadonlyArray<Row>, column: string): fc.Arbitrary<unknown> =>
  fc
    .tuple(occurring(found, column), fc.constantFrom(0, 0, 1, -1), fc.boolean())
    .map(([value, step, asText]) => {
      const near = Number(value) + step
      return asText ? String(near) : near
    })

/**
 * Generates instants that are in the rows, and instants next to them, in UTC or with another
 * offset.
 */
const instants = (found: ReadonlyArray<Row>, column: string): fc.Arbitrary<unknown> =>
  fc
    .tuple(occurring(found, column), fc.constantFrom(0, 1, -1), fc.boolean())
    .map(([value, milliseconds, elsewhere]) => {
      const at = Date.parse(String(value)) + milliseconds
      return elsewhere
        ? new Date(at + 19_800_000).toISOString().replace("Z", "+05:30")
        : new Date(at).toISOString()
    })

const letters = fc.stringOf(
  fc.constantFrom("M", "e", "t", "R", "o", "m", " ", "1", ".", "%", "_"),
  {
    maxLength: 5
  }
)
const plain = fc.constantFrom("M", "m", "Room", "room", "Open", "lounge", "2", "Desks", "ee")
const patterns = {
  _like: fc.oneof(
    letters,
    plain.map((word) => `%${word}%`)
  ),
  _similar: fc.tuple(plain, plain).map(([left, right]) => `%(${left}|${right})%`),
  _regex: fc.oneof(
    plain,
    plain.map((word) => `^${word}`),
    plain.map((word) => `${word}.*[0-9]$`)
  )
}

const text = (found: ReadonlyArray<Row>, column: string): fc.Arbitrary<Where> =>
  operators(fc.oneof(occurring(found, column), plain), values, {
    _like: patterns._like,
    _nlike: patterns._like,
    _ilike: patterns._like,
    _nilike: patterns._like,
    _similar: patterns._similar,
    _nsimilar: patterns._similar,
    _regex: patterns._regex,
    _nregex: patterns._regex,
    _iregex: patterns._regex,
    _niregex: patterns._regex
  })

/** Generates a filter with comparisons, which `_and`, `_or` and `_not` combine in any way. */
const filters = (columns: Readonly<Record<string, fc.Arbitrary<Where>>>): fc.Arbitrary<Where> =>
  fc.letrec<{ filter: Where }>((tie) => ({
    filter: fc.oneof(
      { depthSize: "small" },
      fc.record(columns, { requiredKeys: [] }),
      fc.array(tie("filter"), { maxLength: 3 }).map((_and) => ({ _and })),
      fc.array(tie("filter"), { maxLength: 3 }).map((_or) => ({ _or })),
      tie("filter").map((_or) => ({ _or })),
      tie("filter").map((_not) => ({ _not }))
    )
  })).filter

const parts: ReadonlyArray<Part> = [
  {
    name: "hours of zones: Int, Float, bigint and timestamptz, with nulls",
    api: "v2",
    table: "ZONE_INSIGHTS",
    of: `BUILDING_ID: {_eq: 73}, DATE_PARTITION: {_eq: 20250513}, GRANULARITY: {_eq: "PT1H"}`,
    types: {
      ZONE_ID: "number",
      OCCUPANCY_POS_MEAN: "number",
      PEOPLE_COUNT: "number",
      DATE_TIME_START: "instant",
      GRANULARITY: "text"
    },
    keys: ["ZONE_ID", "DATE_TIME_START"],
    comparisons: (found) => ({
      ZONE_ID: operators(numbers(found, "ZONE_ID")),
      OCCUPANCY_POS_MEAN: operators(numbers(found, "OCCUPANCY_POS_MEAN")),
      PEOPLE_COUNT: operators(numbers(found, "PEOPLE_COUNT")),
      DATE_TIME_START: operators(instants(found, "DATE_TIME_START"))
    })
  },
  {
    name: "zones: String and Int",
    api: "v2",
    table: "ZONES",
    of: "",
    types: { ZONE_ID: "number", NAME: "text", ZONE_TYPE: "text", CAPACITY: "number" },
    keys: ["ZONE_ID"],
    comparisons: (found) => ({
      NAME: text(found, "NAME"),
      ZONE_TYPE: text(found, "ZONE_TYPE"),
      CAPACITY: operators(numbers(found, "CAPACITY"))
    })
  },
  {
    name: "hours of a building: float8, with nulls",
    api: "v1",
    table: "building_metrics",
    of: `building_id: {_eq: 72}, granularity: {_eq: "PT1H"}, group_id: {_like: "all-%"},
      date_time_start: {_gte: "2025-05-12T22:00:00Z", _lt: "2025-05-13T22:00:00Z"}`,
    types: { metric_name: "text", metric_value: "number", date_time_start: "instant" },
    keys: ["metric_name", "date_time_start"],
    comparisons: (found) => ({
      metric_name: operators(occurring(found, "metric_name")),
      metric_value: operators(numbers(found, "metric_value")),
      date_time_start: operators(instants(found, "date_time_start"))
    })
  },
  {
    name: "features: jsonb",
    api: "v1",
    table: "building_features",
    of: `building_id: {_eq: 71}, date_time_start: {_lt: "2024-04-01T00:00:00Z"}`,
    types: { feature_value: "json", group_id: "text", date_time_start: "instant" },
    keys: ["group_id", "date_time_start"],
    comparisons: (found) => {
      const whole = occurring(found, "feature_value")
      const key = fc.constantFrom("1", "5", "7", "8", "")
      const part = fc.tuple(whole, key).map(([value, name]) => pick(value, name))
      return {
        feature_value: operators(whole, ["_eq", "_neq"], {
          _contains: fc.oneof(whole, part),
          _contained_in: fc.oneof(whole, part),
          _has_key: key,
          _has_keys_any: fc.array(key, { maxLength: 3 }),
          _has_keys_all: fc.array(key, { maxLength: 3 }),
          _cast: fc
            .constantFrom("%", `{"1": 1%`, `%"7": 0}`, `%"7": 1%`)
            .map((_like) => ({ String: { _like } }))
        }),
        group_id: operators(occurring(found, "group_id"))
      }
    }
  }
]

const pick = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([name]) => name === key))
    : {}

const Found = Schema.Struct({
  data: Schema.Record({
    key: Schema.String,
    value: Schema.Array(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
  })
})

/** Sends many filters in one request. The result of each filter has its own alias. */
const answers = (
  sandbox: Sandbox.Service,
  headers: Record<string, string>,
  { api, keys, of, table }: Part,
  wheres: ReadonlyArray<Where>
) => {
  const variables = Object.fromEntries(wheres.map((where, index) => [`w${index}`, where]))
  const document = `query (${wheres.map((_, index) => `$w${index}: ${table}_bool_exp!`).join(", ")}) {
    ${wheres.map((_, index) => `r${index}: ${table}(where: {${of} _and: [$w${index}]}) { ${keys.join(" ")} }`).join("\n")}
  }`
  return Effect.flatMap(
    post(endpoints(sandbox)[api].graphql, { query: document, variables }, headers),
    ({ json, text }) =>
      Schema.decodeUnknown(Found)(json).pipe(
        Effect.mapError(() => new Error(`no rows: ${text}, for ${JSON.stringify(wheres)}`)),
        Effect.map(({ data }) => wheres.map((_, index) => data[`r${index}`] ?? []))
      )
  )
}

const identify = (row: Row, keys: ReadonlyArray<string>): string =>
  keys.map((key) => String(row[key])).join(" ")

layer(Sandbox.layer({ today: "2025-06-30" }), { timeout: startTimeout })(
  "generated filters find the rows that the rules require",
  (it) => {
    for (const part of parts) {
      it.effect(part.name, () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.Sandbox
          const headers = yield* authorize(sandbox, part.api)
          const { api, keys, of, table, types } = part
          const all = yield* rows(
            sandbox,
            `{ rows: ${table}(where: {${of}}) { ${[...new Set([...keys, ...Object.keys(types)])].join(" ")} } }`,
            { api }
          )
          assert.isAbove(all.length, 20)
          const filter = filters(part.comparisons(all))
          const sizes = new Set<number>()
          yield* Effect.promise(() =>
            fc.assert(
              fc.asyncProperty(
                fc.array(filter, { minLength: 15, maxLength: 15 }),
                async (wheres) => {
                  const found = await Effect.runPromise(answers(sandbox, headers, part, wheres))
                  wheres.forEach((where, index) => {
                    const expected = all.filter((row) => evaluate(where, row, types) === true)
                    sizes.add(expected.length)
                    assert.deepStrictEqual(
                      (found[index] ?? []).map((row) => identify(row, keys)).sort(),
                      expected.map((row) => identify(row, keys)).sort(),
                      JSON.stringify(where)
                    )
                  })
                }
              ),
              { numRuns: 20 }
            )
          )
          // The filters must select different rows, because otherwise the comparison would prove
          // nothing.
          assert.isAbove(sizes.size, 8)
        })
      )
    }
  }
)

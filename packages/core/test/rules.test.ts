/**
 * Hasura's rules, A1 to A7, each through the query builder and over HTTP to the sandbox. The rows are in `rules/`, a file for
 * each family.
 */
import { assert, layer } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Table from "@innerspace-metrics/core/Table"
import * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { parse, validate } from "graphql"
import { Clients, RulesLive } from "./rules/clients.js"
import { columnsOfTypes, comparisons } from "./rules/comparisons.js"
import { introspection } from "./rules/introspection.js"
import { answeredLogic, logic, logicByHand, refusedLogic } from "./rules/logic.js"
import { directions, ordering, orderingByHand, refusedOrdering } from "./rules/ordering.js"
import { refusedRoots, roots, rootsByHand } from "./rules/roots.js"
import { rowLimits } from "./rules/rowLimits.js"
import { limits } from "./rules/serverLimits.js"
import { features, hours, metricHours, zones } from "./rules/tables.js"
import { allOperators, columnOf, columnTypes, schema } from "./rules/types.js"
import { badPaths, cells, paths } from "./rules/values.js"
import { fresh, operations } from "./support/sandboxClient.js"

const plain = Effect.map(Clients, (clients) => clients.plain)

layer(RulesLive, { timeout: "120 seconds" })("rules", (it) => {
  for (const { api, rule, run, share } of [...comparisons, ...logic]) {
    it.effect(rule, () =>
      Effect.gen(function* () {
        const clients = yield* Clients
        const { found, kept, rows } = yield* run(clients.plain[api])
        assert.deepStrictEqual(found, kept)
        assert.isAbove(rows.length, 0)
        const isSome = kept.length > 0 && kept.length < rows.length
        assert.strictEqual(
          isSome ? "some" : kept.length === 0 ? "none" : "all",
          share,
          `${kept.length} of ${rows.length} rows`
        )
        assert.deepStrictEqual((yield* run(clients.stringified[api])).found, kept)
      })
    )
  }

  for (const { answer, api = "v2", query, rule } of [...answeredLogic, ...ordering, ...roots]) {
    it.effect(rule, () =>
      Effect.gen(function* () {
        const clients = yield* Clients
        assert.deepStrictEqual(yield* clients.plain[api].query(query), answer)
        assert.deepStrictEqual(yield* clients.stringified[api].query(query), answer)
      })
    )
  }

  for (const { query, reason, rule } of [...refusedLogic, ...refusedOrdering, ...refusedRoots]) {
    it.effect(rule, () =>
      Effect.gen(function* () {
        yield* fresh
        const { v2 } = yield* plain
        const error = yield* Effect.flip(v2.query(query))
        assert.strictEqual(error._tag, "QueryError")
        assert.strictEqual(error.reason, reason)
        assert.deepStrictEqual(yield* operations, [])
      })
    )
  }

  for (const { api = "v2", document, expected, rule, variables } of [
    ...logicByHand,
    ...orderingByHand,
    ...rootsByHand
  ]) {
    it.effect(`${rule}, by hand`, () =>
      Effect.gen(function* () {
        const clients = yield* plain
        const answer = clients[api].execute({
          document,
          schema: Schema.Unknown,
          ...(variables === undefined ? {} : { variables })
        })
        if ("data" in expected) return assert.deepStrictEqual(yield* answer, expected.data)
        const error = yield* Effect.flip(answer)
        assert(error._tag === "GraphQLError")
        assert.isFalse(error.isRetryable)
        assert.deepStrictEqual(
          error.errors.map(({ code }) => code),
          [expected.code]
        )
        assert.include(error.problem, expected.says)
      })
    )
  }

  const everyType = Table.make(
    "every_type",
    Object.fromEntries(
      columnTypes.map((type) => [columnOf.get(type) ?? "", Column.assumed(type.scalar, "test")])
    )
  )
  const compare = (column: string, operator: string, value: unknown) =>
    QueryBuilder.build(
      // A filter of a table whose columns are not known to the compiler.
      Query.from(everyType, { select: [column] }).pipe((query) => ({
        ...query,
        where: [{ [column]: { [operator]: value } }]
      }))
    )

  for (const type of columnTypes) {
    const column = columnOf.get(type) ?? ""
    for (const [operator, { sent, type: argument, value }] of Object.entries(type.operators)) {
      it.effect(`A1 ${type.name} ${operator} is declared as ${argument}, by name`, () =>
        Effect.gen(function* () {
          const built = yield* compare(column, operator, value)
          assert.deepStrictEqual(validate(schema, parse(Operation.toText(built))), [])
          const variable = operator === "_eq" ? column : `${column}${operator}`
          assert.deepStrictEqual(built.variables, { [variable]: sent })
          assert.include(Operation.toText(built), `($${variable}: ${argument}!)`)
        })
      )
    }
    const missing = [...allOperators].filter(([name]) => !Object.hasOwn(type.operators, name))
    it.effect(`A1 ${type.name} has no ${missing.map(([name]) => name).join(", ")}`, () =>
      Effect.gen(function* () {
        for (const [operator, { value }] of missing) {
          const error = yield* Effect.flip(compare(column, operator, value))
          assert.strictEqual(error.reason, "UnknownOperator")
        }
        for (const operator of ["_ne", "_not_in", "_between", "toString", "__proto__"]) {
          const error = yield* Effect.flip(compare(column, operator, 1))
          assert.strictEqual(error.reason, "UnknownOperator")
        }
      })
    )
  }

  for (const { api, column, missing, table, type } of columnsOfTypes) {
    for (const [operator, literal] of Object.entries(missing)) {
      it.effect(`A1 ${type} has no ${operator}: the server refuses it by name`, () =>
        Effect.gen(function* () {
          const clients = yield* plain
          const document = `{ ${table}(where: {${column}: {${operator}: ${literal}}}) { ${column} } }`
          const error = yield* Effect.flip(
            clients[api].execute({ document, schema: Schema.Unknown })
          )
          assert(error._tag === "GraphQLError")
          assert.strictEqual(error.reason, "Invalid")
          assert.include(
            error.problem,
            `field '${operator}' not found in type: '${type}_comparison_exp'`
          )
        })
      )
    }
  }

  for (const [direction] of directions) {
    it.effect(`A4 ${direction} orders many rows as a sort in memory does`, () =>
      Effect.gen(function* () {
        const { v2 } = yield* plain
        const rows = yield* v2.query(hours)
        const isDescending = direction.startsWith("desc")
        const isNullFirst = direction === "desc" || direction.endsWith("nulls_first")
        const key = (value: number | null) =>
          value === null ? (isNullFirst ? -Infinity : Infinity) : isDescending ? -value : value
        assert.deepStrictEqual(
          yield* v2.query({
            ...hours,
            orderBy: [{ OCCUPANCY_POS_MEAN: direction }, ...hours.orderBy]
          }),
          rows.toSorted((a, b) =>
            compareNumbers(key(a.OCCUPANCY_POS_MEAN), key(b.OCCUPANCY_POS_MEAN))
          )
        )
      })
    )
  }

  it.effect("A5 a role that may not aggregate does not have the field", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const { v2 } = yield* plain
      const count = Query.aggregate(zones.table, { select: { count: true } })
      yield* sandbox.control.setRole({ allowAggregations: false })
      const error = yield* Effect.flip(v2.query(count))
      yield* sandbox.control.reset
      assert(error._tag === "GraphQLError")
      assert.strictEqual(error.reason, "Invalid")
      assert.include(error.problem, "field 'ZONES_aggregate' not found in type: 'query_root'")
      assert.isFalse(error.isRetryable)
      assert.deepStrictEqual(yield* v2.query(count), { count: 24 })
    })
  )

  it.effect("A5 several root fields are answered each under its name", () =>
    Effect.gen(function* () {
      const { v2 } = yield* plain
      const answers = yield* v2.queryAll({
        rows: Query.limit(zones, 2),
        row: Query.byPk(zones.table, { ZONE_ID: 1 }, { select: ["NAME"] }),
        count: Query.aggregate(zones.table, { select: { count: true }, where: { CAPACITY: 13 } })
      })
      assert.deepStrictEqual(answers, {
        rows: (yield* v2.query(zones)).slice(0, 2),
        row: null,
        count: { count: 2 }
      })
    })
  )

  for (const { decoded, json, rule, scalar } of cells) {
    it.effect(rule, () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const { v2 } = yield* plain
        const table = Table.make("of_type", {
          cell: Column.assumed(scalar, "test"),
          none: Column.nullable(Column.assumed(scalar, "test"))
        })
        const body = `{"data":{"of_type":[{"cell":${json},"none":null}]}}`
        yield* sandbox.control.inject(Fault.answer({ body }))
        const answer = v2.query(Query.from(table, { select: ["cell", "none"] }))
        if ("value" in decoded) {
          return assert.deepStrictEqual(yield* answer, [{ cell: decoded.value, none: null }])
        }
        const error = yield* Effect.flip(answer)
        assert(error._tag === "DecodeError")
        assert.deepInclude(error, {
          reason: "WrongValue",
          table: "of_type",
          row: 0,
          column: "cell",
          expected: decoded.expected
        })
      })
    )
  }

  it.effect("A6 a row is the same, whether wide numbers come as numbers or as text", () =>
    Effect.gen(function* () {
      const { plain, stringified } = yield* Clients
      assert.deepStrictEqual(yield* stringified.v2.query(zones), yield* plain.v2.query(zones))
      assert.deepStrictEqual(yield* stringified.v2.query(hours), yield* plain.v2.query(hours))
      for (const query of [metricHours, features]) {
        assert.deepStrictEqual<unknown>(
          yield* stringified.v1.query<unknown>(query),
          yield* plain.v1.query<unknown>(query)
        )
      }
    })
  )

  it.effect("A6 text are bigint and float8, and neither Int nor Float nor what is in jsonb", () =>
    Effect.gen(function* () {
      const { stringified } = yield* Clients
      const [hour] = yield* stringified.v2.query(Query.raw(hours))
      const [metric] = yield* stringified.v1.query(Query.raw(metricHours))
      const [feature] = yield* stringified.v1.query(Query.raw(features))
      assert.deepInclude(hour, { ZONE_ID: 73101, PEOPLE_COUNT: "0", OCCUPANCY_MEAN: 0 })
      assert.deepInclude(metric, { metric_name: "occupancy_mean", metric_value: "0" })
      assert.isNumber(Object(feature?.feature_value)["1"])
    })
  )

  for (const { leadsTo, path } of paths) {
    it.effect(`A6 the path ${JSON.stringify(path)} into jsonb leads to ${leadsTo}`, () =>
      Effect.gen(function* () {
        const { v1 } = yield* plain
        const rows = yield* v1.query(
          Query.from(features.table, {
            select: ["feature_value", { column: "feature_value", as: "part", path }],
            orderBy: { date_time_start: "asc" },
            limit: 2
          })
        )
        assert.strictEqual(rows.length, 2)
        for (const { feature_value, part } of rows) {
          const expected = {
            "1": Object(feature_value)["1"],
            whole: feature_value,
            nothing: null
          }[leadsTo]
          assert.isDefined(expected)
          assert.deepStrictEqual(part, expected)
        }
      })
    )
  }

  it.effect("A6 two paths into one column are two values", () =>
    Effect.gen(function* () {
      const { v1 } = yield* plain
      const [row] = yield* v1.query(
        Query.from(features.table, {
          select: [
            { column: "feature_value", as: "monday", path: "$.1" },
            { column: "feature_value", as: "none", path: "$.0" }
          ],
          limit: 1
        })
      )
      assert.isNumber(row?.monday)
      assert.isNull(row?.none)
    })
  )

  for (const path of badPaths) {
    it.effect(`A6 ${path} is no path, and is refused by the server`, () =>
      Effect.gen(function* () {
        const { v1 } = yield* plain
        const error = yield* Effect.flip(
          v1.query(
            Query.from(features.table, {
              select: [{ column: "feature_value", as: "part", path }],
              limit: 1
            })
          )
        )
        assert(error._tag === "GraphQLError")
        assert.strictEqual(error.reason, "Invalid")
      })
    )
  }

  for (const { code, isRetryable, reason } of limits) {
    it.effect(`A7 ${code} is ${isRetryable ? "tried again" : "final"}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* fresh
        const { v2 } = yield* plain
        const message = "the limit of this role"
        const body = JSON.stringify({ errors: [{ extensions: { path: "$", code }, message }] })
        yield* sandbox.control.inject(Fault.answer({ body }))
        const error = yield* Effect.flip(v2.query(zones))
        assert(error._tag === "GraphQLError")
        assert.deepInclude(error, { reason, isRetryable, status: 200, attempts: 1 })
        assert.deepStrictEqual(error.errors, [{ message, code, path: "$" }])

        yield* fresh
        yield* sandbox.control.inject(Fault.answer({ body }))
        const retry = RetryPolicy.make({ baseDelay: "0 millis" })
        const again = yield* Effect.either(v2.query(zones, { retry }))
        assert.strictEqual(again._tag, isRetryable ? "Right" : "Left")
        assert.strictEqual((yield* operations).length, isRetryable ? 2 : 1)
      })
    )
  }

  it.effect("A7 a limit of a server in front says when to come back", () =>
    Effect.gen(function* () {
      const sandbox = yield* fresh
      const { v2 } = yield* plain
      yield* sandbox.control.inject(Fault.rateLimited({ retryAfter: 7 }))
      const error = yield* Effect.flip(v2.query(zones))
      assert.deepInclude(error, { _tag: "ResponseError", reason: "RateLimited", isRetryable: true })
      assert.deepStrictEqual(error.retryAfter, Duration.seconds(7))
    })
  )

  rowLimits(it)
  introspection(it)
})

const compareNumbers = (left: number, right: number): number =>
  left < right ? -1 : left > right ? 1 : 0

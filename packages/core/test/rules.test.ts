/**
 * Tests Hasura's rules A1 to A7, through the query builder and over HTTP to the sandbox. The folder
 * `rules/` has the rows of each rule, and its README says what each rule is about.
 */
import { assert, layer } from "@effect/vitest"
import * as Column from "@innerspace-metrics/core/Column"
import type { JsonValue } from "@innerspace-metrics/core/JsonValue"
import type * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as Table from "@innerspace-metrics/core/Table"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { someOf } from "../../../tools/cases.mjs"
import { Clients, RulesLive } from "./rules/clients.js"
import { comparisons } from "./rules/filters/comparisons.js"
import { everyTypeComparisons } from "./rules/filters/everyTypeComparisons.js"
import { answeredLogic, logic, logicByHand, refusedLogic } from "./rules/filters/logic.js"
import { columnsOfTypes } from "./rules/filters/missing.js"
import { introspection } from "./rules/limits/introspection.js"
import { refusedRoots, roots, rootsByHand } from "./rules/limits/roots.js"
import { rowLimits } from "./rules/limits/rowLimits.js"
import { serverLimits } from "./rules/limits/serverLimits.js"
import { directions, ordering, orderingByHand, refusedOrdering } from "./rules/order/ordering.js"
import { hours, zones } from "./rules/tables.js"
import { allOperators, type ColumnType, columnTypes } from "./rules/types.js"
import { extremeValues } from "./rules/values/extremeValues.js"
import { uncompiled } from "./rules/values/uncompiled.js"
import { values } from "./rules/values/values.js"
import { byHandValues, failing, refusedValues } from "./rules/values/wrongValues.js"
import { fresh, operations } from "./support/sandboxClient.js"

const plain = Effect.map(Clients, (clients) => clients.plain)

/**
 * Sends the query as a document with its values written into it, and returns the rows. Returns
 * `none` if a value has no literal, such as jsonb with keys of digits.
 */
const askInline = <A>(
  metrics: MetricsClient.MetricsClient,
  query: Query.Query<unknown, unknown, A>
) =>
  Effect.gen(function* () {
    const operation = yield* QueryBuilder.build(query)
    const document = Operation.toInlineText(operation)
    if (Either.isLeft(document)) {
      assert.strictEqual(document.left.reason, "NotInlineable")
      return Option.none()
    }
    const answer = yield* metrics.execute({ document: document.right, schema: Schema.Unknown })
    const data: JsonValue = JSON.parse(JSON.stringify(answer))
    return Option.some(yield* operation.decode(data))
  })

layer(RulesLive, { timeout: "120 seconds" })("rules of Hasura", (it) => {
  for (const { api, rule, run, server, share } of someOf(
    [...comparisons, ...everyTypeComparisons, ...logic],
    4
  )) {
    it.effect(rule, () =>
      Effect.gen(function* () {
        const clients = yield* Clients
        const client = clients[server][api]
        const { found, kept, query, rows } = yield* run(client)
        assert.deepStrictEqual(found, kept)
        assert.isAbove(rows.length, 0)
        const isSome = kept.length > 0 && kept.length < rows.length
        assert.strictEqual(
          isSome ? "some" : kept.length === 0 ? "none" : "all",
          share,
          `${kept.length} of ${rows.length} rows`
        )
        const inline = yield* askInline(client, query)
        if (Option.isSome(inline)) assert.deepStrictEqual(inline.value, kept)
      })
    )
  }

  for (const { answer, api = "v2", query, rule } of someOf(
    [...answeredLogic, ...ordering, ...roots],
    4
  )) {
    it.effect(rule, () =>
      Effect.gen(function* () {
        const clients = yield* Clients
        assert.deepStrictEqual(yield* clients.plain[api].query(query), answer)
        assert.deepStrictEqual(yield* clients.stringified[api].query(query), answer)
        const inline = yield* askInline(clients.plain[api], query)
        if (Option.isSome(inline)) assert.deepStrictEqual(inline.value, answer)
      })
    )
  }

  for (const { query, reason, rule } of [
    ...uncompiled,
    ...refusedValues,
    ...refusedLogic,
    ...refusedOrdering,
    ...refusedRoots
  ]) {
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

  for (const { code, query, reason, rule } of someOf(failing, 4)) {
    it.effect(rule, () =>
      Effect.gen(function* () {
        const { v2 } = yield* plain
        const error = yield* Effect.flip(v2.query(query))
        assert(error._tag === "GraphQLError")
        assert.deepStrictEqual(
          [error.reason, error.errors.map(({ code }) => code), error.isRetryable],
          [reason, [code], false]
        )
      })
    )
  }

  for (const { api = "v2", document, expected, rule, variables } of someOf(
    [...byHandValues, ...logicByHand, ...orderingByHand, ...rootsByHand],
    4
  )) {
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

  const compare = ({ column, scalar }: ColumnType, operator: string, value: unknown) => {
    const table = Table.make("every_type", {
      id: Column.assumed(Scalar.Int, "test"),
      [column]: Column.assumed(scalar, "test")
    })
    // The compiler does not know the columns of this table, so it cannot check the filter.
    const where: ReadonlyArray<unknown> = [{ [column]: { [operator]: value } }]
    return { ...Query.from(table, { select: ["id"] }), where }
  }

  for (const type of columnTypes) {
    for (const [operator, { sent, type: argument, value }] of someOf(
      Object.entries(type.operators),
      4
    )) {
      it.effect(`A1 ${type.name} ${operator} is declared as ${argument}, by name`, () =>
        Effect.gen(function* () {
          const { v2 } = yield* plain
          const query = compare(type, operator, value)
          const built = yield* QueryBuilder.build(query)
          const variable = operator === "_eq" ? type.column : `${type.column}${operator}`
          assert.deepStrictEqual(built.variables, { [variable]: sent })
          assert.include(Operation.toText(built), `($${variable}: ${argument}!)`)
          // The server accepts the operation only if the type has exactly the name that it expects.
          yield* v2.query(query)
        })
      )
    }
    const missing = [...allOperators].filter(([name]) => !Object.hasOwn(type.operators, name))
    it.effect(`A1 ${type.name} has no ${missing.map(([name]) => name).join(", ")}`, () =>
      Effect.gen(function* () {
        for (const [operator, { value }] of missing) {
          const error = yield* Effect.flip(QueryBuilder.build(compare(type, operator, value)))
          assert.strictEqual(error.reason, "UnknownOperator")
        }
        for (const operator of ["_ne", "_not_in", "_between", "toString", "__proto__"]) {
          const error = yield* Effect.flip(QueryBuilder.build(compare(type, operator, 1)))
          assert.strictEqual(error.reason, "UnknownOperator")
        }
      })
    )
  }

  for (const { api, column, missing, table, type } of columnsOfTypes) {
    for (const [operator, literal] of someOf([...missing], 4)) {
      it.effect(`A1 ${type} has no ${operator}: the server rejects it by name`, () =>
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

  it.effect("A5 each of several root fields is returned under its name", () =>
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

  values(it)
  extremeValues(it)
  serverLimits(it)
  rowLimits(it)
  introspection(it)
})

const compareNumbers = (left: number, right: number): number =>
  left < right ? -1 : left > right ? 1 : 0

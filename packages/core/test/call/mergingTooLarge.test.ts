/**
 * Tests queries that a server accepts one by one. Together in one request, they are too large for
 * the server.
 */
import { assert, it } from "@effect/vitest"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Array from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { answer, clientOver, type Respond } from "../support/transportClient.js"

const query = (number: number, values: number) =>
  Query.from(building_metrics, {
    select: ["building_id"],
    where: { building_id: Array.makeBy(values, (index) => number * 1_000 + index) },
    limit: 1
  })

/**
 * A server that accepts bodies up to a limit. For each query, the server returns the first building
 * that the query names.
 */
const server = (limit: number, status: number, refusal: string) => {
  const sizes: Array<number> = []
  const respond: Respond = ({ body }) =>
    Effect.sync(() => {
      sizes.push(body.length)
      if (body.length > limit) return answer(status, refusal)
      const { query, variables } = JSON.parse(body)
      const fields = [...query.matchAll(/(?:(q\d+): )?building_metrics\(\s*(where[^)]*)/g)].map(
        ([, alias, args]) => [
          alias ?? "building_metrics",
          [{ building_id: variables[/_in: \$(\w+)/.exec(args)?.[1] ?? ""][0] }]
        ]
      )
      return answer(200, JSON.stringify({ data: Object.fromEntries(fields) }))
    })
  return { respond, sizes }
}

it.effect.prop(
  "a batch that is too large is split into smaller requests, and only a query too large by itself fails",
  [
    FastCheck.constantFrom(413, 414, 431),
    FastCheck.constantFrom("<html>Too Large</html>", "", '{"errors":[{"message":"too large"}]}'),
    FastCheck.integer({ min: 700, max: 4_000 }),
    FastCheck.array(FastCheck.integer({ min: 2, max: 100 }), { minLength: 2, maxLength: 9 })
  ],
  ([status, refusal, limit, lengths]) =>
    Effect.gen(function* () {
      const { respond, sizes } = server(limit, status, refusal)
      const metrics = yield* clientOver(respond, { retry: RetryPolicy.none })
      const alone = yield* Effect.forEach(lengths, (length, number) =>
        Effect.either(metrics.query(query(number + 1, length)))
      )
      sizes.length = 0
      const together = yield* Effect.forEach(
        lengths,
        (length, number) => Effect.either(metrics.query(query(number + 1, length))),
        { batching: true, concurrency: "unbounded" }
      )
      assert.deepStrictEqual(together.map(Either.getRight), alone.map(Either.getRight))
      for (const [index, result] of together.entries()) {
        if (Either.isLeft(result)) {
          assert.strictEqual("status" in result.left && result.left.status, status)
          assert.strictEqual(result.left.operationName, "building_metrics")
        } else {
          assert.deepStrictEqual(result.right, [{ building_id: (index + 1) * 1_000 }])
        }
      }
      // If no request is sent twice, halving the batch of n queries takes at most 2n - 1 requests.
      assert.isAtMost(sizes.length, 2 * lengths.length - 1)
    }),
  { fastCheck: { numRuns: 60 } }
)

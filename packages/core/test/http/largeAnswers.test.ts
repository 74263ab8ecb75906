/**
 * Tests that an error about a large response is small, whatever the response contains, and shows no
 * secret.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Query from "@innerspace-metrics/core/Query"
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { building_metrics } from "@innerspace-metrics/core/v1"
import * as Effect from "effect/Effect"
import { answer, clientOver } from "../support/transportClient.js"

const size = 1_500_000
const word = "x".repeat(size)
const query = Query.from(building_metrics, {
  select: ["metric_value"],
  where: { building_id: 1 },
  limit: 1
})
const rowOf = (cell: string) => `{"data":{"building_metrics":[{"metric_value":${cell}}]}}`
const rows = `"building_metrics":[${'{"metric_value":1},'.repeat(size / 20)}{"metric_value":1}]`

const errorOf = (status: number, body: string) =>
  Effect.flatMap(
    clientOver(() => Effect.succeed(answer(status, body)), {}),
    (metrics) => Effect.flip(metrics.query(query, { retry: RetryPolicy.none }))
  )

describe("errors about large responses", () => {
  for (const [what, status, body] of [
    ["of one word", 500, word],
    ["of blanks", 500, " ".repeat(size)],
    ["of words", 200, "a ".repeat(size / 2)],
    ["with a long cell", 200, rowOf(`"${word}"`)],
    ["with a list for a cell", 200, rowOf(`[${"1,".repeat(size / 2)}1]`)],
    ["with an object for a cell", 200, rowOf(`{${'"a":{},'.repeat(10)}"${word}":1}`)],
    ["nested deeply", 200, rowOf(`${"[".repeat(size / 2)}${"]".repeat(size / 2)}`)],
    ["with a long message", 200, `{"errors":[{"message":"${word}"}]}`],
    ["with long codes", 200, `{"errors":[{"message":"m","extensions":{"code":"${word}"}}]}`],
    ["with a long path", 200, `{"errors":[{"message":"m","path":[${'"ab",'.repeat(size / 5)}1]}]}`],
    ["with many errors", 200, `{"errors":[${'{"message":"m"},'.repeat(size / 16)}{}]}`],
    [
      "with a hundred long errors",
      200,
      `{"errors":[${`{"message":"${"y".repeat(9_000)}"},`.repeat(100)}{}]}`
    ],
    ["with errors and data", 200, `{"data":{${rows}},"errors":[{"message":"m"}]}`],
    ["with a message of the REST envelope", 400, `{"error":"${word}"}`]
  ] as const) {
    it.scoped(`the error about a large response ${what} is small`, () =>
      Effect.gen(function* () {
        const error = yield* errorOf(status, body)
        assert.isBelow(JSON.stringify(error).length + String(error.stack).length, 32_000)
      })
    )
  }

  it.scoped("an error about a large response says that it leaves out the data", () =>
    Effect.gen(function* () {
      const error = yield* errorOf(200, `{"data":{${rows}},"errors":[{"message":"m"}]}`)
      assert.isUndefined(Reflect.get(error, "data"))
      assert.include(error.problem, "the partial data is too large to keep")
    })
  )
})

describe("secrets in large responses", () => {
  // The token of these clients is the text `token`, so this text is the secret.
  for (let before = 40; before <= 64; before++) {
    it.scoped(`a secret after ${before} characters is redacted in a wrong cell`, () =>
      Effect.gen(function* () {
        const error = yield* errorOf(
          200,
          rowOf(`"${"-".repeat(before)}token${"-".repeat(40_000)}"`)
        )
        assert.notMatch(JSON.stringify(error), /-to/)
        assert.strictEqual(error._tag, "DecodeError")
      })
    )
  }

  it.scoped(
    "a secret is redacted in an excerpt, even if it ends beyond the characters that are read",
    () =>
      Effect.gen(function* () {
        for (let before = 3_980; before <= 4_060; before++) {
          const error = yield* errorOf(500, `${" ".repeat(before)}token${"-".repeat(10_000)}`)
          assert.notMatch(JSON.stringify(error), /tok/)
        }
        const shown = yield* errorOf(500, `a token ${" b".repeat(10_000)}`)
        assert.include(JSON.stringify(shown), "a <redacted> b b")
      })
  )
})

describe("responses with very many parts", () => {
  it.scoped("a response with very many parts is rejected before it is parsed", () =>
    Effect.gen(function* () {
      const error = yield* errorOf(200, `{"data":{"t":[${"{},".repeat(2_100_000)}{}]}}`)
      assert.strictEqual(error.reason, "TooLarge")
      assert.include(error.problem, "objects and lists")
    })
  )
})

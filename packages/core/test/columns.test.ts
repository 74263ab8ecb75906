/**
 * Columns have the values of rows, and fail where rows fail, however the response is spelled.
 *
 * `COLUMNS_RUNS=50000 npx vitest run test/columns.test.ts` tries more responses than `npm test`
 * does.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { anyPage } from "./support/columnBodies.js"
import { assertAgree } from "./support/columnsAgree.js"

const runs = Number(process.env["COLUMNS_RUNS"] ?? 120)

it("columns and rows of any response agree, value by value and error by error", async () => {
  const outcomes = { rows: 0, limit: 0, error: 0 }
  await FastCheck.assert(
    FastCheck.asyncProperty(anyPage, async (page) => {
      outcomes[await Effect.runPromise(assertAgree(page))]++
    }),
    {
      numRuns: runs,
      ...(process.env["COLUMNS_SEED"] === undefined
        ? {}
        : { seed: Number(process.env["COLUMNS_SEED"]) })
    }
  )
  if (process.env["COLUMNS_RUNS"] !== undefined) console.log(outcomes)
  assert.isAbove(outcomes.rows, runs / 5)
  assert.isAbove(outcomes.error, runs / 20)
}, 600_000)

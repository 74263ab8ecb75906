/**
 * The long form of `columns.test.ts`: it tests every cell of `oddPages` in every column, and many
 * more responses.
 *
 * `COLUMNS_RUNS=100000 npx vitest run test/columns.long.test.ts` tries this number of responses.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { anyPage, oddPages } from "./support/columnBodies.js"
import { assertAgree } from "./support/columnsAgree.js"

const runs = Number(process.env["COLUMNS_RUNS"] ?? 3_000)

const long = 3_600_000

it(
  "columns and rows agree on every odd cell in every column",
  async () => {
    for (const page of oddPages) await Effect.runPromise(assertAgree(page))
  },
  long
)

it(
  "columns and rows of any response agree, value by value and error by error",
  async () => {
    const outcomes = { rows: 0, limit: 0, error: 0 }
    await FastCheck.assert(
      FastCheck.asyncProperty(anyPage, async (page) => {
        outcomes[await Effect.runPromise(assertAgree(page))]++
      }),
      { numRuns: runs }
    )
    // Each outcome must occur often, because otherwise the test would not show that columns and
    // rows agree on it.
    assert.isAbove(outcomes.rows, runs / 4)
    assert.isAbove(outcomes.error, runs / 10)
    assert.isAbove(outcomes.limit, runs / 1_000)
  },
  long
)

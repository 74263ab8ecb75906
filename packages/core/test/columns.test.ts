/**
 * Tests that `columns` returns the values of `stream` and fails where `stream` fails, for every
 * spelling of the JSON of a response.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { anyPage, framePages, oddPages } from "./support/columnBodies.js"
import { assertAgree } from "./support/columnsAgree.js"

it("columns and rows of any response agree, value by value and error by error", () =>
  FastCheck.assert(
    FastCheck.asyncProperty(anyPage, (page) => Effect.runPromise(Effect.asVoid(assertAgree(page)))),
    { numRuns: 60 }
  ))

it("columns and rows agree on odd cells in every column", async () => {
  // columns.long.test.ts reads all of these pages.
  const some = oddPages.filter((_, index) => index % 47 === 0)
  assert.isAbove(some.length, 100)
  for (const page of some) await Effect.runPromise(assertAgree(page))
})

it("columns and rows agree on every frame, status and name", async () => {
  for (const page of framePages) await Effect.runPromise(assertAgree(page))
})

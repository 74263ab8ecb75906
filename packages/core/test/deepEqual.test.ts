/** With `tools/deepEqual.mjs`, `assert.deepStrictEqual` distinguishes different values. */
import { assert, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as Option from "effect/Option"

it("deepEqual distinguishes Some from None and Left from Right at any depth", () => {
  assert.notDeepEqual<unknown>(Option.some(1), Option.none())
  assert.notDeepEqual<unknown>({ at: [Option.none()] }, { at: [Option.some(1)] })
  assert.notDeepEqual<unknown>(Either.left(1), Either.right(1))
  assert.deepStrictEqual(Option.some({ at: [1] }), Option.some({ at: [1] }))
})

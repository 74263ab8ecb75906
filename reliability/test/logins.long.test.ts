/**
 * Tests every fault at the sign-ins and at the refresh of a person's tokens. `src/logins/rule.ts`
 * defines the expected outcomes. `npm run test:all` sets `TEST_ALL`, which runs every flow of every
 * row.
 */
import { assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Logins from "../dist/logins/run.js"
import { rows } from "../dist/matrix/rows.js"
import * as Sandbox from "../dist/sandbox.js"

class Running extends Context.Tag("Running")<Running, Sandbox.Sandbox>() {}

const cellsOf = process.env["TEST_ALL"] === undefined ? Logins.sampleOf : Logins.cellsOf

layer(Layer.merge(Layer.scoped(Running, Sandbox.start), Logger.remove(Logger.defaultLogger)), {
  excludeTestServices: true,
  timeout: "2 minutes"
})("a fault of a sign-in", (it) => {
  for (const row of rows) {
    it.effect(
      row.name,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* Running
          const report = yield* Effect.forEach(cellsOf(row), (place) => Logins.run(sandbox, place))
          const wrong = report.filter((line) => line !== undefined)
          // The wrong outcomes are in the message, because a report of the tests shows only the
          // message.
          assert.deepStrictEqual(wrong, [], wrong.join("\n"))
        }),
      600_000
    )
  }
})

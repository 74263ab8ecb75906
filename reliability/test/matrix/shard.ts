/**
 * Tests every fault at every operation. `src/matrix/rule.ts` defines the expected outcomes. `npm
 * run test:all` sets `TEST_ALL`. It then tests every client, and both permanent faults and faults
 * that happen once.
 *
 * The matrix waits most of the time, so its rows can run in parallel. But a cell checks the
 * resources that its process still holds, so parallel rows need separate processes. The rows are
 * therefore divided among files, which Vitest runs in parallel processes.
 */
import { assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { isRight } from "../../dist/matrix/cell.js"
import { wrong } from "../../dist/matrix/report.js"
import { rows } from "../../dist/matrix/rows.js"
import * as Matrix from "../../dist/matrix/run.js"
import * as Sandbox from "../../dist/sandbox.js"

/** A sandbox and its right results. */
class Known extends Context.Tag("Known")<
  Known,
  {
    readonly sandbox: Sandbox.Sandbox
    readonly truth: Effect.Effect.Success<ReturnType<typeof Matrix.truth>>
  }
>() {}

const KnownLive = Layer.scoped(
  Known,
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.start
    return { sandbox, truth: yield* Matrix.truth(sandbox) }
  })
)

const cellsOf = process.env["TEST_ALL"] === undefined ? Matrix.sampleOf : Matrix.cellsOf

/** The number of files that the rows are divided among. */
const shards = 4

/** Rows with long waits are next to each other in the list, so each file runs every fourth row. */
const rowsOf = (shard: number) => rows.filter((_row, index) => index % shards === shard - 1)

export const testShard = (shard: 1 | 2 | 3 | 4): void =>
  layer(KnownLive, { excludeTestServices: true, timeout: "2 minutes" })("a fault", (it) => {
    for (const row of rowsOf(shard)) {
      it.effect(
        row.name,
        () =>
          Effect.gen(function* () {
            const { sandbox, truth } = yield* Known
            const cells = yield* Matrix.run(sandbox, truth, cellsOf(row))
            const report = cells.filter((cell) => !isRight(cell)).map(wrong)
            // The wrong outcomes are in the message, because a report of the tests shows only the
            // message.
            assert.deepStrictEqual(report, [], report.join("\n"))
          }),
        // In some rows each cell waits for a timeout, of up to ten seconds on a slow machine. A
        // cell that hangs ends by itself.
        600_000
      )
    }
  })

/**
 * Runs the matrix of faults and prints it. `pnpm matrix` runs all rows, and `pnpm matrix reset`
 * runs the rows with "reset" in their names. Copy the text after the empty line to
 * `RELIABILITY.md`, unchanged.
 */
import * as Effect from "effect/Effect"
import { isRight } from "./matrix/cell.js"
import { report, summary } from "./matrix/report.js"
import { rows } from "./matrix/rows.js"
import * as Matrix from "./matrix/run.js"
import * as Sandbox from "./sandbox.js"

const [, , words = ""] = process.argv

const program = Effect.gen(function* () {
  const sandbox = yield* Sandbox.start
  const truth = yield* Matrix.truth(sandbox)
  const started = performance.now()
  const cells = yield* Effect.forEach(
    rows.filter(({ name }) => name.includes(words)),
    (row) =>
      Effect.tap(Matrix.run(sandbox, truth, Matrix.cellsOf(row)), (cells) => {
        console.log(report(cells))
      })
  )
  console.log(`\n${summary(cells.flat(), (performance.now() - started) / 1000)}`)
  if (!cells.flat().every(isRight)) process.exitCode = 1
})

Effect.runPromise(Effect.scoped(program)).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})

/** The whole matrix, cell by cell against one sandbox. */
import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import * as Effect from "effect/Effect"
import type { Sandbox } from "../sandbox.js"
import * as Cell from "./cell.js"
import { faces } from "./faces.js"
import { operations } from "./operations.js"
import type { Row } from "./rows.js"
import { limit } from "./settings.js"

/** The right answers, from a server without faults. */
export const truth = (sandbox: Sandbox): Effect.Effect<Cell.Truth, unknown> =>
  Effect.gen(function* () {
    yield* sandbox.reset
    const [face] = faces
    if (face === undefined) return new Map()
    const settings = { address: sandbox.address, retry: RetryPolicy.standard, timeout: limit }
    const call = yield* face.open({ ...settings, tokenTimeout: limit })
    const answers = yield* Effect.forEach(operations, (operation) =>
      Effect.flatMap(call(operation), ({ error, value }) =>
        error === undefined ? Effect.succeed([operation, value] as const) : Effect.fail(error)
      )
    )
    return new Map(answers)
  }).pipe(Effect.scoped)

/** All cells of a row, one after the other: what is left behind is that of one cell. */
export const ofRow = (
  sandbox: Sandbox,
  truth: Cell.Truth,
  row: Row
): Effect.Effect<ReadonlyArray<Cell.Cell>> =>
  Effect.forEach(
    operations.flatMap((operation) =>
      faces.flatMap((face) =>
        (["once", "stays"] as const).map((persistence) => ({ row, operation, face, persistence }))
      )
    ),
    (place) => Cell.run(sandbox, truth, place)
  )

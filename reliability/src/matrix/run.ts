/** Runs the whole matrix against one sandbox, one cell after the other. */
import * as Api from "@innerspace-metrics/core/Api"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as NodeMetrics from "@innerspace-metrics/node-adapter/NodeMetrics"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Sandbox } from "../sandbox.js"
import * as Cell from "./cell.js"
import { faces } from "./faces.js"
import { type Operation, operations, truth as truthOf } from "./operations.js"
import { type Row, rows } from "./rows.js"

/**
 * The right results of the operations, from a server without faults, and how long the operations
 * took.
 */
export const truth = (sandbox: Sandbox): Effect.Effect<Cell.Truth, unknown> =>
  Effect.gen(function* () {
    yield* sandbox.reset
    const metrics = yield* Effect.map(
      Layer.build(
        NodeMetrics.layer({
          clientId: sandbox.address.clientId,
          clientSecret: Redacted.make(sandbox.address.clientSecret),
          api: Api.withoutDeprecationWarning(Api.withBaseUrl(Api.v1, sandbox.address.urls.v1))
        })
      ),
      Context.get(MetricsClient.MetricsClient)
    )
    const answer = (operation: Operation) =>
      Effect.flatMap(truthOf(metrics, operation), ({ error, value }) =>
        error === undefined ? Effect.succeed(value) : Effect.fail(error)
      )
    // The first call of a process takes longer than all later calls, so it is not measured.
    yield* answer("query")
    const answers = yield* Effect.forEach(operations, (operation) =>
      Effect.map(
        Effect.timed(answer(operation)),
        ([took, value]) => [operation, { value, took }] as const
      )
    )
    return new Map(answers)
  }).pipe(Effect.scoped)

const persistences = ["once", "stays"] as const

/**
 * All cells of a row: each operation with each client, both with a single and with a permanent
 * fault.
 */
export const cellsOf = (row: Row): ReadonlyArray<Cell.Place> =>
  operations.flatMap((operation) =>
    faces.flatMap((face) =>
      persistences.map((persistence) => ({ row, operation, face, persistence }))
    )
  )

/**
 * One cell of a row. The operation, the client and the persistence change from row to row, so that
 * each operation and each client meets many faults.
 */
export const sampleOf = (row: Row): ReadonlyArray<Cell.Place> => {
  const cells = cellsOf(row)
  // 11 has no factor in common with the number of cells, so neighbouring rows differ in operation,
  // client and persistence.
  return cells.filter((_cell, index) => index === (rows.indexOf(row) * 11) % cells.length)
}

/**
 * Runs cells of a row one after the other. If a resource remains after a cell, it therefore belongs
 * to this cell.
 */
export const run = (
  sandbox: Sandbox,
  truth: Cell.Truth,
  cells: ReadonlyArray<Cell.Place>
): Effect.Effect<ReadonlyArray<Cell.Cell>> =>
  Effect.forEach(cells, (place) => Cell.run(sandbox, truth, place))

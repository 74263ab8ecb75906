/** Every fault, at every operation, with every client: see `src/matrix/rule.ts` for what must happen. */
import { assert, layer } from "@effect/vitest"
import type * as Fault from "@innerspace-metrics/sandbox/Fault"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { isRight } from "../dist/matrix/cell.js"
import { wrong } from "../dist/matrix/report.js"
import { rows } from "../dist/matrix/rows.js"
import * as Matrix from "../dist/matrix/run.js"
import * as Sandbox from "../dist/sandbox.js"

/** A sandbox and its right answers. */
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

layer(KnownLive, { excludeTestServices: true, timeout: "2 minutes" })("a fault", (it) => {
  it.effect("of each kind that the sandbox has is in the matrix", () =>
    Effect.sync(() => {
      // Each tag has a case: a new one does not compile until it is here.
      const known: { readonly [Tag in Fault.FaultEffect["_tag"]]: true } = {
        Answer: true,
        CloseConnection: true,
        ColumnGone: true,
        Compressed: true,
        CutBody: true,
        Delay: true,
        DuplicateKeys: true,
        EmptyBody: true,
        ExpireTokens: true,
        GraphqlError: true,
        HugeBody: true,
        Html: true,
        InvalidJwt: true,
        InvalidUtf8: true,
        MalformedJson: true,
        NestedJson: true,
        Override: true,
        PartialData: true,
        RateLimited: true,
        Redirect: true,
        Refused: true,
        RefuseConnections: true,
        Reset: true,
        Restate: true,
        SlowBody: true,
        StallBody: true,
        Unauthorized: true,
        Unavailable: true,
        WithoutCors: true
      }
      const tested = new Set(rows.map(({ fault }) => fault.effect._tag))
      assert.deepStrictEqual([...tested].sort(), Object.keys(known).sort())
    })
  )

  for (const row of rows) {
    it.effect(
      row.name,
      () =>
        Effect.gen(function* () {
          const { sandbox, truth } = yield* Known
          const cells = yield* Matrix.ofRow(sandbox, truth, row)
          const report = cells.filter((cell) => !isRight(cell)).map(wrong)
          // As a message, for that is all that a report of the tests has.
          assert.deepStrictEqual(report, [], report.join("\n"))
        }),
      // In some rows each cell waits for a timeout, of up to ten seconds on a slow machine; a cell that hangs ends by itself.
      600_000
    )
  }
})

import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { counts, freshSandbox } from "../support/client.js"
import * as Processes from "../support/processes.js"
import { modeOf, newDirectory, onlyFile, textOf } from "../support/tokenFiles.js"

layer(Sandbox.layer(), { excludeTestServices: true })("a token file", (it) => {
  it.scoped(
    "50 processes that begin at once make one request for a token",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const directory = yield* newDirectory
        // The waits of a process have time limits, which 50 processes could exceed on a slow
        // machine. The clocks of the processes are therefore slower.
        const options = {
          mode: "login",
          directory,
          baseUrl: sandbox.urls.v1,
          slowedBy: 10
        } as const
        const processes = yield* Effect.forEach(
          Array.from({ length: 50 }),
          () => Effect.tap(Processes.make(sandbox, options), ({ awaitLines }) => awaitLines(1)),
          { concurrency: 4 }
        )
        yield* Effect.forEach(processes, ({ start }) => start)
        const printed = yield* Effect.forEach(processes, ({ awaitLines }) => awaitLines(2))
        const tokens = new Set(printed.map(([, token]) => token))
        assert.strictEqual(tokens.size, 1)
        assert.deepStrictEqual(yield* counts(sandbox), { token: 1, graphql: 0 })
        const path = yield* onlyFile(directory)
        assert.include(yield* textOf(path), [...tokens].join())
        assert.strictEqual(yield* modeOf(path), 0o600)
      }),
    900_000
  )
})

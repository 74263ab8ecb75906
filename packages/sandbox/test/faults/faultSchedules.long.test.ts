import { assert, layer } from "@effect/vitest"
import { Fault, Sandbox } from "@innerspace-metrics/sandbox"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { endpoints, post, request } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

/**
 * Sends one request without a credential, and returns its status. v1 and v1.5 reject such a request
 * fast, with status 200 and an error in the body.
 */
const status = (
  sandbox: Sandbox.Service,
  options: { readonly api?: Sandbox.ApiName; readonly operationName?: string } = {}
) =>
  Effect.map(
    post(endpoints(sandbox)[options.api ?? "v1"].graphql, {
      query: "{ __typename }",
      operationName: options.operationName
    }),
    (answer) => answer.status
  )

const statuses = (sandbox: Sandbox.Service, count: number) =>
  Effect.replicateEffect(status(sandbox), count)

/**
 * Resets the sandbox, injects these faults, and returns the statuses of this number of requests.
 */
const afresh = (
  sandbox: Sandbox.Service,
  faults: ReadonlyArray<Fault.Fault>,
  count: number
): Effect.Effect<ReadonlyArray<number>, Error> =>
  Effect.gen(function* () {
    yield* sandbox.control.reset
    yield* Effect.forEach(faults, sandbox.control.inject)
    return yield* statuses(sandbox, count)
  })

const check = (property: FastCheck.IAsyncProperty<unknown>, numRuns: number) =>
  Effect.promise(() => FastCheck.assert(property, { numRuns }))

const ordinal = FastCheck.integer({ min: 1, max: 8 })

const someOrdinals = FastCheck.tuple(ordinal, FastCheck.array(ordinal, { maxLength: 3 })).map(
  ([first, others]) => [first, ...others] as const
)

const options: FastCheck.Arbitrary<Fault.Options> = FastCheck.record(
  {
    times: FastCheck.constantFrom(1, 2, 3, "always" as const),
    ordinals: someOrdinals,
    // With a chance between 0.3 and 0.7, some requests get the fault and others do not, so the
    // random draws can be compared.
    chance: FastCheck.integer({ min: 3, max: 7 }).map((tenths) => tenths / 10),
    during: FastCheck.constantFrom(Duration.zero, Duration.days(1))
  },
  { requiredKeys: ["chance"] }
)

layer(Sandbox.layer({ seed: 1 }), { timeout: startTimeout })("schedules of faults", (it) => {
  it.effect("a fault with ordinals happens to the third and the seventh request", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      assert.deepStrictEqual(
        yield* afresh(sandbox, [Fault.unavailable({ ordinals: [7, 3] })], 8),
        [200, 200, 503, 200, 200, 200, 503, 200]
      )
    })
  )

  it.effect("a fault with a chance happens to some requests, until its time is up", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const met = yield* afresh(
        sandbox,
        [Fault.unavailable({ chance: 0.2, during: "1 minute" })],
        200
      )
      const hits = met.filter((one) => one === 503).length
      // The limits are four standard deviations below and above 40, which is the expected number.
      // The seed is fixed, so the number is always the same.
      assert.isAbove(hits, 17)
      assert.isBelow(hits, 63)
      yield* sandbox.control.advance("1 minute")
      assert.notInclude(yield* statuses(sandbox, 40), 503)
      assert.deepStrictEqual(
        yield* afresh(sandbox, [Fault.unavailable({ during: "1 minute" })], 3),
        [503, 503, 503]
      )
      yield* sandbox.control.advance("59 seconds")
      assert.strictEqual(yield* status(sandbox), 503)
      yield* sandbox.control.advance("1 second")
      assert.strictEqual(yield* status(sandbox), 200)
    })
  )

  it.effect("a fault with times always happens to every request until it is cleared", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const met = yield* afresh(sandbox, [Fault.unavailable({ times: "always" })], 5)
      assert.deepStrictEqual(met, [503, 503, 503, 503, 503])
      yield* sandbox.control.clearFaults
      assert.strictEqual(yield* status(sandbox), 200)
    })
  )

  it.effect("a fault can be restricted to one generation, one operation, or the sign-in host", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.reset
      const { inject } = sandbox.control
      yield* inject(Fault.unavailable({ api: "v2" }))
      assert.strictEqual(yield* status(sandbox), 200)
      assert.strictEqual(yield* status(sandbox, { api: "v1.5" }), 200)
      assert.strictEqual(yield* status(sandbox, { api: "v2" }), 503)
      yield* inject(Fault.unavailable({ operationName: "zones", ordinals: [2] }))
      const names = ["zones", "other", undefined, "zones", "zones"]
      const met = yield* Effect.forEach(names, (operationName) =>
        status(sandbox, operationName === undefined ? {} : { operationName })
      )
      assert.deepStrictEqual(met, [200, 200, 200, 503, 200])
      yield* inject(Fault.unavailable({ target: "token", api: "login" }))
      const token = (url: string) => Effect.map(post(url, {}), (answer) => answer.status)
      assert.strictEqual(yield* token(endpoints(sandbox).v1.token), 401)
      assert.strictEqual(yield* token(`${sandbox.urls.login}/oauth/token`), 503)
    })
  )

  it.effect("of several faults the first one happens, and the others still count the request", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      assert.deepStrictEqual(
        yield* afresh(
          sandbox,
          [
            Fault.answer({ ordinals: [2, 3], status: 501, body: "" }),
            Fault.answer({ ordinals: [3, 4], status: 502, body: "" }),
            Fault.answer({ times: 2, status: 503, body: "" })
          ],
          6
        ),
        [503, 501, 501, 502, 503, 200]
      )
    })
  )

  it.effect("the log says which fault met which request, and why", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const faults = [
        Fault.unavailable({ ordinals: [2] }),
        Fault.unauthorized({ operationName: "zones" })
      ]
      yield* afresh(sandbox, faults, 2)
      yield* status(sandbox, { operationName: "zones" })
      const requests = yield* sandbox.control.requests
      assert.deepStrictEqual(
        requests.map(({ fault, injection }) => ({ fault, injection })),
        [
          { fault: undefined, injection: undefined },
          {
            fault: "Unavailable",
            injection: { number: 1, ordinal: 2, schedule: { ordinals: [2] } }
          },
          { fault: "Unauthorized", injection: { number: 2, ordinal: 1, schedule: {} } }
        ]
      )
      const { text } = yield* request(`${sandbox.urls.v1}/_sandbox/requests`)
      assert.include(text, `"injection":{"number":1,"ordinal":2,"schedule":{"ordinals":[2]}}`)
    })
  )

  it.effect("after a reset the same requests meet the same faults", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* check(
        FastCheck.asyncProperty(
          FastCheck.array(options, { minLength: 1, maxLength: 3 }),
          (schedules) =>
            Effect.runPromise(
              Effect.gen(function* () {
                const faults = schedules.map((schedule, index) =>
                  Fault.answer({ ...schedule, status: 500 + index, body: "" })
                )
                const first = yield* afresh(sandbox, faults, 10)
                assert.deepStrictEqual(yield* afresh(sandbox, faults, 10), first)
              })
            )
        ),
        15
      )
    })
  )

  it.effect("later faults do not affect the draws of a fault", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* check(
        FastCheck.asyncProperty(options, options, (one, another) =>
          Effect.runPromise(
            Effect.gen(function* () {
              const fault = Fault.answer({ ...one, status: 501, body: "" })
              const other = Fault.answer({ ...another, status: 502, body: "" })
              const alone = yield* afresh(sandbox, [fault], 10)
              const both = yield* afresh(sandbox, [fault, other], 10)
              assert.deepStrictEqual(
                both.map((status) => status === 501),
                alone.map((status) => status === 501)
              )
            })
          )
        ),
        15
      )
    })
  )

  it.effect("the same seed gives the same draws, with different draws for two faults", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const other = yield* Effect.scoped(
        Effect.flatMap(Sandbox.make({ seed: 1 }), (same) => decisions(same))
      )
      assert.strictEqual(yield* decisions(sandbox), other)
    })
  )
})

const decisions = (sandbox: Sandbox.Service) =>
  Effect.map(
    afresh(
      sandbox,
      [
        Fault.answer({ chance: 0.3, status: 501, body: "" }),
        Fault.answer({ chance: 0.3, status: 502, body: "" })
      ],
      60
    ),
    (met) => {
      // Both faults happen, because each fault has its own random draws. With the same draws, both
      // faults would always meet the same requests, and only the first fault would happen.
      assert.include(met, 501)
      assert.include(met, 502)
      return met.join(" ")
    }
  )

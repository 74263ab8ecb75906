import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { authorize, endpoints, query, rows } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

const ask = (sandbox: Sandbox.Service, args: string, selection = "ZONE_ID DATE_TIME_START") =>
  rows(sandbox, `{ rows: ZONE_INSIGHTS(${args}) { ${selection} } }`, { api: "v2" })

const order = "order_by: [{DATE_TIME_START: asc}, {ZONE_ID: asc}]"

layer(Sandbox.layer(), { timeout: startTimeout })("building 900", (it) => {
  it.effect("pages by key over the big building have no gap and no repeated row", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const window = `DATE_TIME_START: {_gte: "2025-03-01T00:00:00Z", _lt: "2025-03-01T03:00:00Z"}`
      const whole = yield* ask(sandbox, `where: {BUILDING_ID: {_eq: 900}, ${window}}, ${order}`)
      assert.strictEqual(whole.length, 12 * 200)
      const paged: Array<Readonly<Record<string, unknown>>> = []
      for (;;) {
        const last = paged.at(-1)
        const after =
          last === undefined
            ? "{}"
            : `{_or: [{DATE_TIME_START: {_gt: "${last["DATE_TIME_START"]}"}},
                {DATE_TIME_START: {_eq: "${last["DATE_TIME_START"]}"}, ZONE_ID: {_gt: ${last["ZONE_ID"]}}}]}`
        const page = yield* ask(
          sandbox,
          `where: {BUILDING_ID: {_eq: 900}, ${window}, _and: [${after}]}, limit: 700, ${order}`
        )
        if (page.length === 0) break
        paged.push(...page)
      }
      assert.deepStrictEqual(paged, [...whole])
    })
  )

  it.effect("the big building supports every order and filter of its keys", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const day = "BUILDING_ID: {_eq: 900}, DATE_PARTITION: {_eq: 20250301}"
      const first = (args: string) =>
        Effect.map(ask(sandbox, `${args}, limit: 2`), (found) =>
          found.map((row) => `${row["ZONE_ID"]} ${String(row["DATE_TIME_START"]).slice(0, 16)}`)
        )
      assert.deepStrictEqual(
        yield* first(`where: {${day}}, order_by: [{DATE_TIME_START: desc}, {ZONE_ID: desc}]`),
        ["900200 2025-03-01T23:45", "900199 2025-03-01T23:45"]
      )
      assert.deepStrictEqual(
        yield* first(
          `where: {${day}, ZONE_ID: {_in: [900007, 900008]}}, order_by: [{ZONE_ID: asc}, {DATE_TIME_START: asc}]`
        ),
        ["900007 2025-03-01T00:00", "900007 2025-03-01T00:15"]
      )
      assert.deepStrictEqual(
        yield* first(
          `where: {${day}, _not: {ZONE_ID: {_lte: 900150}}}, offset: 1,
            order_by: [{BUILDING_ID: asc}, {DATE_PARTITION: asc}, {SITE_ID: asc}, {ZONE_ID: asc}, {DATE_TIME_START: asc}]`
        ),
        ["900151 2025-03-01T00:15", "900151 2025-03-01T00:30"]
      )
      const times = (range: string) =>
        Effect.map(
          ask(
            sandbox,
            `where: {BUILDING_ID: {_eq: 900}, ZONE_ID: {_eq: 900007}, DATE_TIME_START: {${range}}}, ${order}`
          ),
          (found) => found.map((row) => String(row["DATE_TIME_START"]).slice(0, 16))
        )
      const half = ["2025-03-01T00:30", "2025-03-01T00:45"]
      assert.deepStrictEqual(
        yield* times(`_gt: "2025-03-01T00:15:00Z", _lte: "2025-03-01T00:45:00Z"`),
        half
      )
      assert.deepStrictEqual(
        yield* times(`_gte: "2025-03-01T00:20:00Z", _lt: "2025-03-01T00:50:00Z"`),
        half
      )
      const other = yield* ask(sandbox, `where: {${day}, GRANULARITY: {_eq: "PT1H"}}`)
      assert.deepStrictEqual(other, [])
    })
  )

  it.effect(
    "a row of the big building is the same for every query and in each generation's group",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const document = `{ rows: ZONE_INSIGHTS(where: {BUILDING_ID: {_in: [900]}, ZONE_ID: {_eq: 900050},
        DATE_TIME_START: {_eq: "2025-06-02T10:00:00+00:00"}}) {
          BUILDING_ID SITE_ID ZONE_ID GROUP_ID GRANULARITY DATE_PARTITION DATE_TIME_START OCCUPANCY_MEAN } }`
        const [streamed] = yield* rows(sandbox, document, { api: "v2" })
        // The row must be the same with `__typename` in the selection.
        const [executed] = yield* rows(
          sandbox,
          document.replace("BUILDING_ID SITE", "t: __typename BUILDING_ID SITE"),
          { api: "v2" }
        )
        assert.deepStrictEqual(executed, { t: "ZONE_INSIGHTS", ...streamed })
        assert.strictEqual(streamed?.["GROUP_ID"], "00000000-0000-0000-0000-000000000000")
        const [older] = yield* rows(sandbox, document, { api: "v1.5" })
        assert.strictEqual(older?.["GROUP_ID"], "all-e707b3a8-0732-49ae-9156-13ff1138540e")
      })
  )

  it.effect("the big building observes the role's row limit and the published nights", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.control.setRole({ rowLimit: 5 })
      const limited = yield* ask(sandbox, "where: {BUILDING_ID: {_eq: 900}}")
      assert.strictEqual(limited.length, 5)
      yield* sandbox.control.reset
      yield* sandbox.control.setTime("2025-03-02T01:59:00Z")
      const latest = `where: {BUILDING_ID: {_eq: 900}}, order_by: {DATE_TIME_START: desc}, limit: 1`
      const [early] = yield* ask(sandbox, latest)
      assert.strictEqual(early?.["DATE_TIME_START"], "2025-02-28T23:45:00+00:00")
      yield* sandbox.control.setTime("2025-03-02T02:00:00Z")
      const [late] = yield* ask(sandbox, latest)
      assert.strictEqual(late?.["DATE_TIME_START"], "2025-03-01T23:45:00+00:00")
      yield* sandbox.control.reset
    })
  )

  it.effect("unsupported queries of the big building are errors that say so", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      for (const [args, selection] of [
        ["where: {BUILDING_ID: {_eq: 900}, OCCUPANCY_MEAN: {_gt: 1}}", "ZONE_ID"],
        ["where: {BUILDING_ID: {_eq: 900}}, order_by: {OCCUPANCY_MEAN: asc}", "ZONE_ID"],
        ["where: {BUILDING_ID: {_eq: 900}}", "ZONE { NAME }"],
        ["where: {BUILDING_ID: {_eq: 900}}, distinct_on: [ZONE_ID]", "ZONE_ID"]
      ]) {
        const answer = yield* query(sandbox, `{ ZONE_INSIGHTS(${args}) { ${selection} } }`, {
          api: "v2"
        })
        assert.include(answer.text, `"code":"not-supported"`)
      }
    })
  )

  it.effect("the big building streams a whole year, and stops when the client disconnects", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.Sandbox
      const headers = yield* authorize(sandbox, "v2")
      const start = yield* Effect.promise(async () => {
        const response = await fetch(endpoints(sandbox).v2.graphql, {
          method: "POST",
          headers,
          body: JSON.stringify({
            query: `{ rows: ZONE_INSIGHTS(where: {BUILDING_ID: {_eq: 900}}, ${order}) { ZONE_ID } }`
          })
        })
        const reader = response.body?.getReader()
        const first = await reader?.read()
        await reader?.cancel()
        return new TextDecoder().decode(first?.value)
      })
      assert.match(start, /^\{"data":\{"rows":\[\{"ZONE_ID":900001\},\{"ZONE_ID":900002\}/)
      assert.strictEqual((yield* ask(sandbox, "limit: 1")).length, 1)
    })
  )
})

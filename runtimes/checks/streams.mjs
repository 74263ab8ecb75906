import { ColumnBatch, RetryPolicy } from "@innerspace-metrics/core"
import { all, equal, ok, rejection } from "./expect.mjs"
import { hours } from "./queries.mjs"

const paged = { pageSize: 100 }

/**
 * With this page size, the month has at least 40 pages. A stream requests only some pages in
 * advance.
 */
const short = { pageSize: 20 }

export const streams = [
  {
    title: "stream returns each row of a month once",
    run: async (t) => {
      const rows = await all(t.client().stream(hours(), paged))
      const times = rows.map((row) => row.date_time_start.getTime())
      equal(times.length, 743, "rows")
      equal(new Set(times).size, 743, "different times")
      ok(
        times.every((time, index) => index === 0 || time > times[index - 1]),
        "The rows are not in order"
      )
    }
  },
  {
    title: "leaving the loop ends the requests",
    run: async (t) => {
      const metrics = t.client()
      let count = 0
      for await (const _ of metrics.stream(hours(), short)) if (++count === 5) break
      // A request that was sent before the stream ended can arrive at the sandbox later.
      await t.sleep(200)
      const sent = await t.sent("graphql")
      await t.sleep(200)
      equal(await t.sent("graphql"), sent, "requests after the loop")
      ok(sent <= 10, `It sent ${sent} requests for 5 rows`)
    }
  },
  {
    title: "a signal ends a stream with its reason",
    run: async (t) => {
      const controller = new AbortController()
      const reason = new Error("enough")
      let count = 0
      const read = async () => {
        const rows = t.client().stream(hours(), { ...paged, signal: controller.signal })
        for await (const _ of rows) if (++count === 150) controller.abort(reason)
      }
      equal((await rejection(read())) === reason, true, "rejects with the reason")
      ok(count < 743, "It read to the end")
    }
  },
  {
    title: "a stream goes on after a 429",
    run: async (t) => {
      await t.inject({ ordinals: [2], effect: { _tag: "RateLimited", retryAfter: 1 } })
      equal((await all(t.client().stream(hours(), paged))).length, 743, "rows")
    }
  },
  {
    title: "a stream that fails rejects after the rows before it",
    run: async (t) => {
      await t.inject({ ordinals: [20], effect: { _tag: "Unavailable" } })
      let count = 0
      const read = async () => {
        const rows = t.client({ retry: RetryPolicy.none }).stream(hours(), short)
        for await (const _ of rows) count++
      }
      equal((await rejection(read()))._tag, "ResponseError", "error")
      ok(count >= 100 && count < 743, `It returned ${count} rows`)
    }
  },
  {
    title: "onProgress counts the rows",
    run: async (t) => {
      let last
      const onProgress = (progress) => {
        last = progress
      }
      await all(t.client().stream(hours(), { ...paged, onProgress }))
      equal(last?.rows, 743, "rows")
    }
  },
  {
    title: "plan counts without a request",
    run: async (t) => {
      const plan = await t.client().plan(hours(), paged)
      equal(plan.rowsAtMost, 743, "rows")
      equal(await t.sent("graphql"), 0, "requests")
    }
  },
  {
    title: "columns have the same values as the stream",
    run: async (t) => {
      const metrics = t.client()
      const rows = await all(metrics.stream(hours(), paged))
      const batches = await all(metrics.columns(hours(), paged))
      const values = batches.flatMap(({ columns, length }) =>
        Array.from({ length }, (_, row) =>
          ColumnBatch.isNull(columns.metric_value, row) ? null : columns.metric_value.values[row]
        )
      )
      equal(
        values,
        rows.map((row) => row.metric_value),
        "values"
      )
      ok(batches[0].columns.metric_value.values instanceof Float64Array, "not a Float64Array")
    }
  },
  {
    title: "leaving a loop over columns ends the requests",
    run: async (t) => {
      for await (const batch of t.client().columns(hours(), short)) {
        equal(batch.length, 20, "rows of a batch")
        break
      }
      ok((await t.sent("graphql")) <= 10, "It read on")
    }
  }
]

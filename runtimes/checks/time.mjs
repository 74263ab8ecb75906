import { Metric, Series, TimeRange } from "@innerspace-metrics/core"
import * as Effect from "effect/Effect"
import { equal, failure } from "./expect.mjs"
import { days, hours, march, oneDay } from "./queries.mjs"

const resolved = (range) => {
  const { end, start } = Effect.runSync(TimeRange.resolve(range))
  return [new Date(start.epochMillis).toISOString(), new Date(end.epochMillis).toISOString()]
}

export const time = [
  {
    title: "a day on which clocks change has 23 hours",
    run: async (t) => {
      const range = TimeRange.dates("2024-03-10", "2024-03-11", "America/Chicago")
      equal(resolved(range), ["2024-03-10T06:00:00.000Z", "2024-03-11T05:00:00.000Z"], "range")
      equal((await t.client().query(hours(range))).length, 23, "rows")
    }
  },
  {
    title: "a day begins at its own time in Berlin and in Kolkata",
    run: async () => {
      equal(
        resolved(TimeRange.dates("2024-03-31", "2024-04-01", "Europe/Berlin")),
        ["2024-03-30T23:00:00.000Z", "2024-03-31T22:00:00.000Z"],
        "Berlin"
      )
      equal(
        resolved(TimeRange.dates("2024-03-04", "2024-03-05", "Asia/Kolkata")),
        ["2024-03-03T18:30:00.000Z", "2024-03-04T18:30:00.000Z"],
        "Kolkata"
      )
    }
  },
  {
    title: "a month has as many hours as the server's rows",
    run: async (t) => equal((await t.client().query(hours(march))).length, 743, "rows")
  },
  {
    title: "Series has one value for each local day",
    run: async (t) => {
      const series = await Effect.runPromise(
        Series.fromRows(await t.client().query(days), {
          time: "date_time_start",
          value: "metric_value",
          metric: Metric.known.occupancy_mean,
          range: march,
          granularity: "P1D",
          zone: "America/Chicago"
        })
      )
      equal(series.buckets.length, 31, "buckets")
    }
  },
  {
    title: "an unknown zone is a QueryError",
    run: (t) =>
      failure(
        t.client().query(hours(TimeRange.month("2024-03", "America/Chikago"))),
        "QueryError",
        "InvalidRange"
      )
  },
  {
    title: "instants are Dates in JSON",
    run: async (t) => {
      const [row] = JSON.parse(JSON.stringify(await t.client().query(oneDay)))
      equal(new Date(row.date_time_start).toISOString(), row.date_time_start, "time")
    }
  }
]

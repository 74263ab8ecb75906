/** Syncs a dataset on several days of the sandbox, and checks each report. */
import { assert } from "@effect/vitest"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { Dataset } from "@innerspace-metrics/export"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import { inApi, inFolder, options, setTime } from "./dataset.js"

export interface Night {
  /** When the sync runs. */
  readonly at: string
  /** Local dates whose values the sandbox changed before the sync. */
  readonly restated?: ReadonlyArray<string>
  /** The last local date that is published. */
  readonly published: string
}

/**
 * The times of fourteen syncs. The first syncs include the change of clocks on March 10, a date
 * that is published late, and the days on which the sensor of zone 71304 was down. After them,
 * there is no sync until the end of the year.
 */
export const fourteenNights: ReadonlyArray<Night> = [
  { at: "2024-03-07T12:00:00Z", published: "2024-03-06" },
  { at: "2024-03-08T12:00:00Z", published: "2024-03-07", restated: ["2024-03-05"] },
  { at: "2024-03-09T12:00:00Z", published: "2024-03-08" },
  { at: "2024-03-10T12:00:00Z", published: "2024-03-09" },
  // This is before 2:00 in Chicago, so March 10 is not published yet.
  { at: "2024-03-11T06:30:00Z", published: "2024-03-09", restated: ["2024-03-09"] },
  { at: "2024-03-12T12:00:00Z", published: "2024-03-11", restated: ["2024-03-10", "2024-03-11"] },
  { at: "2024-03-13T12:00:00Z", published: "2024-03-12" },
  { at: "2024-03-14T12:00:00Z", published: "2024-03-13", restated: ["2024-03-12"] },
  { at: "2024-03-15T12:00:00Z", published: "2024-03-14" },
  { at: "2024-12-29T12:00:00Z", published: "2024-12-28" },
  { at: "2024-12-30T12:00:00Z", published: "2024-12-29", restated: ["2024-12-24"] },
  { at: "2024-12-31T12:00:00Z", published: "2024-12-30" },
  { at: "2025-01-01T12:00:00Z", published: "2024-12-31", restated: ["2024-12-30"] },
  { at: "2025-01-02T12:00:00Z", published: "2025-01-01", restated: ["2024-12-31"] }
]

/**
 * Runs the syncs. After each sync, the dataset must have the rows of the API, and the report must
 * name exactly the changes.
 */
export const runNights = (
  home: string,
  nights: ReadonlyArray<Night>,
  first: TimeRange.LocalDate = "2024-03-01"
) =>
  Effect.gen(function* () {
    const { control } = yield* Sandbox.Sandbox
    yield* control.reset
    const dataset = Dataset.make(options(home, { from: first }))
    let before: ReadonlyArray<string> = []
    let lastPublished = ""
    for (const { at, published, restated = [] } of nights) {
      yield* setTime(at)
      yield* Effect.forEach(restated, (date) => Effect.orDie(control.restate({ date })))
      // `end` is a date in this form. It is after the day of the sync, because a day has at most 25
      // hours.
      const end = new Date(Date.parse(at) + 2 * 86_400_000).toISOString().slice(0, 10)
      const now = yield* inApi(first, end as TimeRange.LocalDate)
      const report = yield* Dataset.sync(dataset)

      assert.deepStrictEqual(yield* inFolder(home), now, at)
      const changes = changesOf(before, now)
      assert.deepStrictEqual(
        report.restated
          .map(({ after, before, key }) => [
            key["building_id"] ?? key["zone_id"],
            Date.parse(String(key["date_time_start"])),
            before,
            after
          ])
          .map((change) => JSON.stringify(change))
          .sort(),
        changes.restated,
        at
      )
      // The rows of a date that was not published before are new, and do not count as restated.
      assert.strictEqual(
        changes.restated.length > 0,
        restated.some((date) => date <= lastPublished),
        at
      )
      lastPublished = published
      assert.deepStrictEqual(
        [report.added, report.withdrawn, report.late],
        [changes.added, [], []],
        at
      )
      // The calendar and the list of broken sensors say which rows must be missing.
      const { end: publishedUntil } = yield* Effect.orDie(
        TimeRange.resolve(
          TimeRange.dates(published as TimeRange.LocalDate, nextDay(published), "America/Chicago")
        )
      )
      const from = new Date(publishedUntil.epochMillis).toISOString()
      // On the first day of a month, the part of the new month has no rows yet, so its zones are
      // not known.
      assert.isAtLeast(report.notPublished.length, 2)
      assert.isTrue(
        report.notPublished.every((gap) => gap.from === from),
        `${at}: ${JSON.stringify(report.notPublished)}`
      )
      assert.isTrue(
        report.notMeasured.every(
          ({ from, series, until }) =>
            series["zone_id"] === 71304 &&
            from >= "2024-03-12T05:00:00.000Z" &&
            until <= "2024-03-14T05:00:00.000Z"
        ),
        at
      )
      before = now
    }
    return before.length
  })

const nextDay = (date: string): TimeRange.LocalDate =>
  // 24 hours after noon is noon of the next date in UTC.
  new Date(Date.parse(`${date}T12:00:00Z`) + 86_400_000)
    .toISOString()
    .slice(0, 10) as TimeRange.LocalDate

/** Returns the differences between two responses of the API, without code of the package. */
const changesOf = (before: ReadonlyArray<string>, after: ReadonlyArray<string>) => {
  const values = new Map(
    before.map((row) => {
      const [table, id, metric, at, value] = JSON.parse(row)
      return [JSON.stringify([table, id, metric, at]), value]
    })
  )
  const restated: Array<string> = []
  let added = 0
  for (const row of after) {
    const [table, id, metric, at, value] = JSON.parse(row)
    const key = JSON.stringify([table, id, metric, at])
    if (!values.has(key)) added++
    else if (values.get(key) !== value)
      restated.push(JSON.stringify([id, at, values.get(key), value]))
  }
  return { added, restated: restated.sort() }
}

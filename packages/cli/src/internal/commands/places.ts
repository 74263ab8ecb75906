/** `innerspace places`: buildings, floors and zones. */
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as Effect from "effect/Effect"
import { readBuildings, rememberBuildings } from "../client/places.js"
import { withSession } from "../client/session.js"
import type { Outcome, Run } from "../frame/command.js"
import { UsageError } from "../frame/failure.js"
import { wholeNumber } from "../frame/read.js"
import { type Column, renderTable } from "../render/table.js"
import { readSettings } from "../settings/settings.js"

type Record = { readonly [field: string]: string | number | null }

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const settings = yield* readSettings(world, input)
    const [given] = input.args
    const id = given === undefined ? undefined : yield* wholeNumber(given, "The building")
    return yield* withSession(
      settings,
      Effect.gen(function* () {
        if (settings.api.value === "v1") {
          if (id !== undefined) {
            return yield* new UsageError(
              "v1 has no tables of floors and zones",
              `Use another generation, such as innerspace places ${id} --api v2`
            )
          }
          const ids = yield* buildingIds
          const buildings = ids.map((id) => ({ id, name: null, zone: null, capacity: null }))
          yield* rememberBuildings(world, settings, buildings)
          return listOf(buildings, ["id"])
        }
        const buildings = yield* readBuildings
        yield* rememberBuildings(world, settings, buildings)
        if (id === undefined) {
          return listOf(
            buildings.map((building) => ({ ...building })),
            ["id", "name", "zone", "capacity"]
          )
        }
        if (!buildings.some((building) => building.id === id)) {
          return yield* new UsageError(
            `There is no building ${id}`,
            `The buildings are ${buildings.map((building) => building.id).join(", ")}`
          )
        }
        return listOf(yield* placesIn(id), ["kind", "id", "name", "type", "floor", "capacity"])
      })
    )
  })

/** v1 has no table of buildings, so this reads one row of each building that has metrics. */
const buildingIds: Effect.Effect<
  ReadonlyArray<number>,
  CallError,
  MetricsClient.MetricsClient
> = Effect.gen(function* () {
  const { building_metrics } = yield* Effect.promise(() => import("@innerspace-metrics/core/v1"))
  const metrics = yield* MetricsClient.MetricsClient
  const rows = yield* metrics.query(
    Query.from(building_metrics, {
      select: ["building_id"],
      // Daily rows are enough to find the buildings. A table has few daily rows, so the server has
      // little to sort.
      where: { granularity: "P1D" },
      distinctOn: ["building_id"],
      orderBy: { building_id: "asc" },
      allowOpen: ["metric_name", "group_id"]
    })
  )
  return rows.map(({ building_id }) => building_id)
})

const placesIn = (
  id: number
): Effect.Effect<ReadonlyArray<Record>, CallError, MetricsClient.MetricsClient> =>
  Effect.gen(function* () {
    const { SITES, ZONES } = yield* Effect.promise(() => import("@innerspace-metrics/core/v2"))
    const metrics = yield* MetricsClient.MetricsClient
    const sites = yield* metrics.query(
      Query.from(SITES, {
        select: ["SITE_ID", "NAME", "CAPACITY"],
        where: { BUILDING_ID: id },
        orderBy: { SITE_ID: "asc" }
      })
    )
    const siteIds = sites.map(({ SITE_ID }) => SITE_ID)
    const zones =
      siteIds.length === 0
        ? []
        : yield* metrics.query(
            Query.from(ZONES, {
              select: ["ZONE_ID", "SITE_ID", "NAME", "ZONE_TYPE", "CAPACITY"],
              where: { SITE_ID: siteIds },
              orderBy: { ZONE_ID: "asc" }
            })
          )
    return sites.flatMap(
      (site): ReadonlyArray<Record> => [
        {
          kind: "floor",
          id: site.SITE_ID,
          name: site.NAME,
          type: null,
          floor: null,
          capacity: site.CAPACITY
        },
        ...zones
          .filter(({ SITE_ID }) => SITE_ID === site.SITE_ID)
          .map((zone) => ({
            kind: "zone",
            id: zone.ZONE_ID,
            name: zone.NAME,
            type: zone.ZONE_TYPE,
            floor: site.SITE_ID,
            capacity: zone.CAPACITY
          }))
      ]
    )
  })

const listOf = (records: ReadonlyArray<Record>, fields: ReadonlyArray<string>): Outcome => ({
  data: records,
  print: (output) =>
    output.write(
      renderTable(
        fields.map(
          (field): Column => ({ title: field, isNumber: /^(id|floor|capacity)$/.test(field) })
        ),
        records.map((record) => fields.map((field) => String(record[field] ?? ""))),
        output
      )
    )
})

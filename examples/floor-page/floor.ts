/** All zones of a floor, last week, with their names. The tables are those of v2. */
import { type MetricsError, type PromiseClient, Query, TimeRange } from "@innerspace-metrics/core"
import { ZONE_INSIGHTS, ZONES } from "@innerspace-metrics/core/v2"
import { queryOptions } from "@tanstack/react-query"

/** Calls reject with a `MetricsError`, so `error` has its type. */
declare module "@tanstack/react-query" {
  interface Register {
    defaultError: MetricsError.MetricsError
  }
}

/** A floor is a site of v2. The table `SITES` lists the sites of a building. */
export interface Floor {
  readonly siteId: number
  /** The time zone of the building. */
  readonly zone: string
}

export interface Row {
  readonly id: number
  readonly name: string
  /** The mean of the week. Null if the zone was not measured. */
  readonly people: number | null
}

/** The zones for which last week is published, by name. The API has no rows for the others. */
const lastWeek = async (
  metrics: PromiseClient.PromiseMetricsClient,
  { siteId, zone }: Floor,
  signal: AbortSignal
): Promise<ReadonlyArray<Row>> => {
  // One request. The names are in another table.
  const { names, week } = await metrics.queryAll(
    {
      week: Query.from(ZONE_INSIGHTS, {
        select: ["ZONE_ID", "OCCUPANCY_MEAN"],
        where: {
          SITE_ID: siteId,
          GRANULARITY: "P1W",
          GROUP_ID: "00000000-0000-0000-0000-000000000000",
          DATE_PARTITION: TimeRange.last(1, "P1W", zone)
        }
      }),
      names: Query.from(ZONES, { select: ["ZONE_ID", "NAME"], where: { SITE_ID: siteId } })
    },
    { signal }
  )
  const nameOf = new Map(names.map((zone) => [zone.ZONE_ID, zone.NAME]))
  return week
    .map((row) => ({
      id: row.ZONE_ID,
      name: nameOf.get(row.ZONE_ID) ?? `Zone ${row.ZONE_ID}`,
      people: row.OCCUPANCY_MEAN
    }))
    .sort((one, other) => one.name.localeCompare(other.name))
}

const hour = 60 * 60 * 1000

export const lastWeekOptions = (metrics: PromiseClient.PromiseMetricsClient, floor: Floor) =>
  queryOptions({
    queryKey: ["last week", floor.siteId],
    queryFn: ({ signal }) => lastWeek(metrics, floor, signal),
    // The metrics client already retries, within the deadline of a call.
    retry: false,
    // Values change once a night.
    staleTime: hour,
    // A screen that stays on shows the next week. After an error it stops: after a sign-out, each
    // refetch would try to sign in again without the person.
    refetchInterval: (query) => (query.state.error === null ? hour : false),
    // The component shows a button for the sign-in. Other errors go to the error boundary.
    throwOnError: (error) => error.reason !== "SignInRequired"
  })

/** Queries all zones of a floor for last week, with their names. The tables belong to v2. */
import { type MetricsError, type PromiseClient, Query, TimeRange } from "@innerspace-metrics/core"
import { ZONE_INSIGHTS, ZONES } from "@innerspace-metrics/core/v2"
import { queryOptions } from "@tanstack/react-query"

/** Calls reject with a `MetricsError`, so this is the type of `error` in all queries. */
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

/**
 * Returns the zones for which last week is published, sorted by name. The API has no rows for the
 * other zones.
 */
const lastWeek = async (
  metrics: PromiseClient.PromiseMetricsClient,
  { siteId, zone }: Floor,
  signal: AbortSignal
): Promise<ReadonlyArray<Row>> => {
  // The names are in another table. Both queries are sent in one request.
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
    // The query is sent again every hour, so a screen that stays on shows the next week too. After
    // an error, the query is not sent again by itself, because each attempt would try to renew the
    // sign-in without the person.
    refetchInterval: (query) => (query.state.error === null ? hour : false),
    // For `SignInRequired`, the component shows a button. All other errors go to the error
    // boundary.
    throwOnError: (error) => error.reason !== "SignInRequired"
  })

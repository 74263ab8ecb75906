import { schemas } from "./schemas.js"

const { shared, v1, v1_5, v2 } = schemas

const seriesColumns = `kind, building_id, site_id, zone_id, zone_type, v1_group, v2_group`

const measured = `${shared}.series join ${shared}.days using (series_id)`

const sums = (granularity: string, period: "week" | "month", people: number): string => `select
    ${seriesColumns}, '${granularity}', ${period}, ${period}_start, ${period}_start, ${period}_published_at,
    sum(minutes)::integer, sum(person_minutes)::integer, sum(occupied_minutes)::integer, max(peak),
    sum(room_person_minutes)::integer, sum(room_occupied_minutes)::integer, ${people}
  from ${measured}
  group by series_id, ${seriesColumns}, ${period}, ${period}_start, ${period}_published_at`

/**
 * The view of all periods of all series. Longer periods are computed from shorter periods. Two
 * columns are not in the API: `published_at` is for hiding rows that are not published yet, and
 * with `day_start` PostgreSQL can skip days before it unpacks their hours. Series are joined in
 * each branch of the union, because PostgreSQL would not use the index of days for a condition
 * outside of the union.
 */
const periods = `create view ${shared}.periods as
  select
    ${seriesColumns}, 'PT15M' as granularity, date_partition, day_start,
    day_start + (number - 1) * interval '15 minutes' as date_time_start, published_at,
    15 as minutes, quarter.person_minutes::integer, quarter_occupied.minutes as occupied_minutes,
    coalesce(
      (quarter.person_minutes * 23 + quarter_occupied.minutes * 20 - 1)
        / nullif(quarter_occupied.minutes * 20, 0),
      0
    ) as peak,
    quarter.room_person_minutes::integer,
    least(15, (quarter.room_person_minutes * 3 + 3) / 4) as room_occupied_minutes,
    10 as people_for_ten
  from ${measured},
    unnest(quarter_person_minutes, quarter_room_person_minutes)
      with ordinality as quarter (person_minutes, room_person_minutes, number),
    lateral (select least(15, (quarter.person_minutes * 3 + 3) / 4)) as quarter_occupied (minutes)
  union all
  select
    ${seriesColumns}, 'PT1H', date_partition, day_start,
    day_start + (number - 1) * interval '1 hour', published_at,
    60, hour.person_minutes::integer, hour.occupied_minutes::integer, hour.peak::integer,
    hour.room_person_minutes::integer, hour.room_occupied_minutes::integer, 11
  from ${measured},
    unnest(
      hour_person_minutes, hour_occupied_minutes, hour_peak,
      hour_room_person_minutes, hour_room_occupied_minutes
    ) with ordinality as hour (
      person_minutes, occupied_minutes, peak, room_person_minutes, room_occupied_minutes, number
    )
  union all
  select
    ${seriesColumns}, 'P1D', date_partition, day_start, day_start, published_at,
    minutes, person_minutes, occupied_minutes, peak,
    room_person_minutes, room_occupied_minutes, 13
  from ${measured}
  union all
  ${sums("P1W", "week", 17)}
  union all
  ${sums("P1M", "month", 22)}`

/** Rounds to three digits. Floating-point multiplication is much faster than rounding a numeric. */
const mean = (personMinutes: string, minutes: string): string =>
  `round(${personMinutes} * 1000.0::float8 / ${minutes}) / 1000`

const insights = `create view ${shared}.insights as
  select
    ${seriesColumns}, granularity, date_partition, day_start, date_time_start, published_at,
    ${mean("person_minutes", "minutes")} as occupancy_mean,
    ${mean("person_minutes", "nullif(occupied_minutes, 0)")} as occupancy_pos_mean,
    peak::float8 as occupancy_max,
    ((peak * people_for_ten + 9) / 10)::bigint as people_count,
    ${mean("room_person_minutes", "minutes")} as occupancy_mean_room,
    ${mean("room_person_minutes", "nullif(room_occupied_minutes, 0)")} as occupancy_pos_mean_room
  from ${shared}.periods`

const common = ["occupancy_mean", "occupancy_pos_mean", "occupancy_max", "people_count"]

/** A metric is a row in v1, and a column in the other generations. */
const metrics = (
  kind: "building" | "site" | "zone",
  names: ReadonlyArray<string>
): string => `create view ${v1}.${kind}_metrics as
  select
    ${kind}_id, metric_name, metric_value::float8 as metric_value, granularity,
    v1_group as group_id, date_time_start, day_start, published_at
  from ${shared}.insights,
    lateral (values ${names.map((name) => `('${name}', ${name})`).join(", ")})
      as metric (metric_name, metric_value)
  where kind = '${kind}'`

const features = (kind: "building" | "zone"): string => `create view ${v1}.${kind}_features as
  select
    place_id as ${kind}_id, feature_name, feature_value, granularity, group_id, date_time_start,
    day_start, published_at
  from ${shared}.${kind}_features`

const extreme = (metric: string, direction: "asc" | "desc"): string => `(array_agg(
    jsonb_build_object('zone_id', zone_id, 'percent_capacity', round((${metric} * 100 / "CAPACITY")::numeric, 2))
    order by ${metric} / "CAPACITY" ${direction} nulls last, zone_id
  ))[1]`

/**
 * The features of a site that name its fullest or emptiest room. The keys of their values are
 * assumptions.
 */
const siteFeatures = `create view ${v1}.site_features as
  select
    site_id, feature_name, feature_value, granularity, v1_group as group_id, date_time_start,
    day_start, published_at
  from (
    select
      insights.site_id, granularity, v1_group, date_time_start,
      min(day_start) as day_start, max(published_at) as published_at,
      ${extreme("occupancy_mean", "desc")} as fullest,
      ${extreme("occupancy_mean", "asc")} as emptiest,
      ${extreme("occupancy_pos_mean", "desc")} as fullest_in_use,
      ${extreme("occupancy_pos_mean", "asc")} as emptiest_in_use
    from ${shared}.insights join ${v2}.zones on "ZONE_ID" = zone_id
    where kind = 'zone' and zone_type = 'meeting_room' and granularity like 'P1%'
    group by insights.site_id, granularity, v1_group, date_time_start
  ) as rooms, lateral (values
    ('occupancy_percent_capacity_max_room', fullest),
    ('occupancy_percent_capacity_min_room', emptiest),
    ('occupancy_pos_percent_capacity_max_room', fullest_in_use),
    ('occupancy_pos_percent_capacity_min_room', emptiest_in_use)
  ) as feature (feature_name, feature_value)`

/** Realtime data. The row of a quarter hour is published when the quarter hour is over. */
const zoneOccupancy = `create view ${v1}.zone_occupancy as
  select
    zone_id, date_time_start, round(occupancy_mean)::integer as occupancy, day_start,
    date_time_start + interval '15 minutes' as published_at
  from ${shared}.insights
  where kind = 'zone' and granularity = 'PT15M'`

const wide = (
  schema: string,
  group: "v1_group" | "v2_group",
  name: string,
  kinds: ReadonlyArray<string>,
  place: string
): string => `create view ${schema}.${name} as
  select
    building_id as "BUILDING_ID", site_id as "SITE_ID", ${place}
    ${group} as "GROUP_ID", granularity as "GRANULARITY", date_partition as "DATE_PARTITION",
    date_time_start as "DATE_TIME_START",
    occupancy_mean as "OCCUPANCY_MEAN", occupancy_pos_mean as "OCCUPANCY_POS_MEAN",
    occupancy_max as "OCCUPANCY_MAX", people_count as "PEOPLE_COUNT",
    day_start, published_at
  from ${shared}.insights
  where kind in (${kinds.map((kind) => `'${kind}'`).join(", ")})`

const insightViews = (schema: string, group: "v1_group" | "v2_group"): ReadonlyArray<string> => [
  wide(schema, group, "building_insights", ["building", "site"], ""),
  wide(schema, group, "zone_insights", ["zone"], `zone_id as "ZONE_ID",`),
  wide(schema, group, "zone_type_insights", ["zone_type"], `zone_type as "ZONE_TYPE",`)
]

const groups = (schema: string, id: "v1_id" | "v2_id"): string =>
  `create view ${schema}.groups as select ${id} as "GROUP_ID", name as "NAME" from ${shared}.people_groups`

export const viewStatements: ReadonlyArray<string> = [
  periods,
  insights,
  metrics("building", [...common, "occupancy_mean_room"]),
  metrics("site", [...common, "occupancy_mean_room", "occupancy_pos_mean_room"]),
  metrics("zone", common),
  features("building"),
  siteFeatures,
  features("zone"),
  zoneOccupancy,
  ...insightViews(v1_5, "v1_group"),
  ...insightViews(v2, "v2_group"),
  groups(v1_5, "v1_id"),
  groups(v2, "v2_id")
]

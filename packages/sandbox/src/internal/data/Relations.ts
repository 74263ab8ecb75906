import { dayColumns } from "./dayRow.js"
import { schemas } from "./schemas.js"
import { viewStatements } from "./views.js"

const { shared, v2 } = schemas

/** A table with one row for each place and group. */
const series = `create table ${shared}.series (
  series_id integer primary key,
  kind text not null,
  building_id integer not null,
  site_id integer not null,
  zone_id integer,
  zone_type text,
  v1_group text not null,
  v2_group text not null
)`

/**
 * A table with one row for each local day of a series. The row contains the day's hours and quarter
 * hours.
 */
const days = `create table ${shared}.days (
  ${Object.entries(dayColumns)
    .map(([name, type]) => `${name} ${type}`)
    .join(", ")},
  primary key (series_id, date_partition)
)`

const features = (name: string): string => `create table ${shared}.${name} (
  place_id integer not null,
  feature_name text not null,
  feature_value jsonb,
  granularity text not null,
  group_id text not null,
  date_time_start timestamptz not null,
  day_start timestamptz not null,
  published_at timestamptz not null,
  primary key (place_id, group_id, date_time_start)
)`

/**
 * A table of complete months. A month is complete if all its days are inserted, and the features of
 * all weeks that start in the month.
 */
const months = `create table ${shared}.months (month text primary key)`

const entities: ReadonlyArray<string> = [
  `create table ${v2}.buildings (
    "BUILDING_ID" integer primary key, "NAME" text, "TIME_ZONE" text, "CAPACITY" integer
  )`,
  `create table ${v2}.floors (
    "FLOOR_ID" integer primary key, "BUILDING_ID" integer not null, "NAME" text, "LEVEL" integer
  )`,
  `create table ${v2}.sites (
    "SITE_ID" integer primary key, "BUILDING_ID" integer not null, "NAME" text, "CAPACITY" integer
  )`,
  `create table ${v2}.zones (
    "ZONE_ID" integer primary key, "SITE_ID" integer not null, "NAME" text, "ZONE_TYPE" text, "CAPACITY" integer
  )`,
  `create table ${v2}.zone_set (
    "ZONE_SET_ID" integer, "ZONE_ID" integer, "NAME" text, primary key ("ZONE_SET_ID", "ZONE_ID")
  )`,
  `create table ${shared}.people_groups (name text not null, v1_id text not null, v2_id text not null)`
]

export const createStatements: ReadonlyArray<string> = [
  ...Object.values(schemas).map((schema) => `create schema if not exists ${schema}`),
  series,
  days,
  features("building_features"),
  features("zone_features"),
  months,
  ...entities,
  ...viewStatements
]

/** The table of each kind of row in the dataset. */
export const targets = {
  series: `${shared}.series`,
  days: `${shared}.days`,
  building_features: `${shared}.building_features`,
  zone_features: `${shared}.zone_features`,
  months: `${shared}.months`,
  people_groups: `${shared}.people_groups`,
  buildings: `${v2}.buildings`,
  floors: `${v2}.floors`,
  sites: `${v2}.sites`,
  zones: `${v2}.zones`,
  zone_set: `${v2}.zone_set`
} as const

/**
 * Inserts rows. The parameter is a JSON array of the rows. If a row exists, it is replaced in the
 * table of days and kept in other tables. An interrupted insertion can therefore be repeated.
 */
export const insertStatement = (part: keyof typeof targets): string =>
  part === "days"
    ? insertDays
    : `insert into ${targets[part]} select * from json_populate_recordset(null::${targets[part]}, $1::json)
  on conflict do nothing`

/** The last complete month, such as `2024-01`, or null. */
export const lastMonthStatement = `select max(month) as month from ${targets.months}`

const dayNames = Object.keys(dayColumns)
const isArray = (type: string): boolean => type.includes("[]")

const insertDays = `insert into ${targets.days} (${dayNames.join(", ")})
  select ${Object.entries(dayColumns)
    .map(([name, type]) => (isArray(type) ? `${name}::smallint[]` : name))
    .join(", ")}
  from json_to_recordset($1::json) as day (${Object.entries(dayColumns)
    .map(([name, type]) => `${name} ${isArray(type) ? "text" : type.replace(" not null", "")}`)
    .join(", ")})
  on conflict (series_id, date_partition) do update
  set ${dayNames.map((name) => `${name} = excluded.${name}`).join(", ")}`

/**
 * The relations in PostgreSQL. Their schemas carry a prefix of their own, because a database of the user's may hold other
 * things.
 */
export const schemas = {
  shared: "innerspace_sandbox",
  v1: "innerspace_sandbox_v1",
  v1_5: "innerspace_sandbox_v1_5",
  v2: "innerspace_sandbox_v2"
} as const

export const createStatements: ReadonlyArray<string> = [
  ...Object.values(schemas).flatMap((schema) => [
    `drop schema if exists ${schema} cascade`,
    `create schema ${schema}`
  ]),
  `create table ${schemas.shared}.people_groups (
    name text not null,
    v1_id text not null,
    v2_id text not null
  )`,
  `create table ${schemas.v1}.building_features (
    building_id integer not null,
    feature_name text not null,
    feature_value jsonb,
    granularity text not null,
    group_id text not null,
    date_time_start timestamptz not null
  )`,
  `create table ${schemas.v1}.building_metrics (
    building_id integer not null,
    metric_name text not null,
    metric_value double precision,
    granularity text not null,
    group_id text not null,
    date_time_start timestamptz not null
  )`,
  `create table ${schemas.v2}.building_insights (
    "BUILDING_ID" integer not null,
    "SITE_ID" integer not null,
    "GROUP_ID" text not null,
    "GRANULARITY" text not null,
    "DATE_PARTITION" integer not null,
    "DATE_TIME_START" timestamptz not null,
    "OCCUPANCY_MEAN" double precision
  )`,
  `create view ${schemas.v1_5}.building_insights as
    select
      "BUILDING_ID", "SITE_ID", people_groups.v1_id as "GROUP_ID", "GRANULARITY",
      "DATE_PARTITION", "DATE_TIME_START", "OCCUPANCY_MEAN"
    from ${schemas.v2}.building_insights
    join ${schemas.shared}.people_groups on people_groups.v2_id = "GROUP_ID"`
]

/** Where the rows of each part of the dataset go. */
export const targets = {
  people_groups: `${schemas.shared}.people_groups`,
  building_features: `${schemas.v1}.building_features`,
  building_metrics: `${schemas.v1}.building_metrics`,
  building_insights: `${schemas.v2}.building_insights`
} as const

export const indexStatements: ReadonlyArray<string> = [
  `create index on ${targets.building_features} (building_id, granularity, date_time_start)`,
  `create index on ${targets.building_metrics} (building_id, granularity, date_time_start)`,
  `create index on ${targets.building_insights} ("BUILDING_ID", "GRANULARITY", "DATE_PARTITION")`
]

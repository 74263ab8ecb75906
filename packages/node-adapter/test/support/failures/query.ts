/** A table of queries that the compiler would reject, with the error that each query causes. */
import type { QueryError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as TimeRange from "@innerspace-metrics/core/TimeRange"
import { building_features } from "@innerspace-metrics/core/v1"

export interface QueryFailure {
  readonly name: string
  readonly query: Query.Query<unknown>
  readonly reason: QueryError["reason"]
  /** Words that the message must contain. */
  readonly says: ReadonlyArray<string>
}

type Options = Query.Options<building_features, Query.Selection<building_features>>

/** Makes a query with options that the compiler would reject, but JavaScript can pass. */
const unchecked = (options: object): Query.Query<unknown> =>
  Query.from(building_features, {
    select: ["feature_value"],
    allowOpen: ["feature_name", "granularity", "group_id"],
    ...options
  } as Options)

const where = (where: object): Query.Query<unknown> => unchecked({ where })

export const queryFailures: ReadonlyArray<QueryFailure> = [
  {
    name: "a column to select that does not exist",
    query: unchecked({ select: ["feature_valeu"] }),
    reason: "UnknownColumn",
    says: ["building_features", "feature_valeu"]
  },
  {
    name: "a column to filter by that does not exist",
    query: where({ bilding_id: 71 }),
    reason: "UnknownColumn",
    says: ["building_features", "bilding_id"]
  },
  {
    name: "a column to sort by that does not exist",
    query: unchecked({ orderBy: { date: "asc" } }),
    reason: "UnknownColumn",
    says: ["building_features", "date"]
  },
  {
    name: "an operator that does not exist",
    query: where({ building_id: { _equals: 71 } }),
    reason: "UnknownOperator",
    says: ["building_id", "_equals"]
  },
  {
    name: "an operator that another type has",
    query: where({ building_id: { _like: "7%" } }),
    reason: "UnknownOperator",
    says: ["building_id", "_like"]
  },
  {
    name: "a comparison with null",
    query: where({ building_id: { _eq: null } }),
    reason: "NullComparison",
    says: ["building_id"]
  },
  {
    name: "nothing to select",
    query: unchecked({ select: [] }),
    reason: "EmptySelection",
    says: ["building_features"]
  },
  {
    name: "a value of another type",
    query: where({ building_id: "seventy-one" }),
    reason: "InvalidValue",
    says: ["building_id", "seventy-one"]
  },
  {
    name: "a range of instants that ends before it starts",
    query: where({
      date_time_start: TimeRange.between(
        new Date("2024-01-08T00:00:00Z"),
        new Date("2024-01-01T00:00:00Z")
      )
    }),
    reason: "InvalidRange",
    says: ["2024-01-01T00:00:00.000Z", "2024-01-08T00:00:00.000Z"]
  },
  {
    name: "a range of dates that ends on the day it starts",
    query: where({ date_time_start: TimeRange.dates("2024-01-01", "2024-01-01", "Europe/Berlin") }),
    reason: "InvalidRange",
    says: ["2023-12-31T23:00:00.000Z"]
  },
  {
    name: "a week that its year does not have",
    query: where({ date_time_start: TimeRange.week("2024-W53", "Europe/Berlin") }),
    reason: "InvalidRange",
    says: ["2024-W53"]
  },
  {
    name: "a time zone that does not exist",
    query: where({ date_time_start: TimeRange.week("2024-W01", "America/Chicgo") }),
    reason: "InvalidRange",
    says: ["America/Chicgo"]
  }
]

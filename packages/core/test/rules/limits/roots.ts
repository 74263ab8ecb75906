/** A5: rows, one row by its key, and aggregates. */
import * as Query from "@innerspace-metrics/core/Query"
import * as DateTime from "effect/DateTime"
import type { Answered, ByHand, Refused } from "../rule.js"
import { BUILDINGS, SITES, ZONE_INSIGHTS, ZONE_SET, ZONES } from "../tables.js"

const none = { ZONE_ID: [] }

export const roots: ReadonlyArray<Answered> = [
  {
    rule: "A5 _by_pk returns a row",
    query: Query.byPk(
      ZONES,
      { ZONE_ID: 71101 },
      {
        select: ["ZONE_ID", { relationship: "SITE", select: ["SITE_ID"] }]
      }
    ),
    answer: { ZONE_ID: 71101, SITE: { SITE_ID: 100000711 } }
  },
  {
    rule: "A5 _by_pk returns null if the row does not exist",
    query: Query.byPk(ZONES, { ZONE_ID: 1 }, { select: ["ZONE_ID"] }),
    answer: null
  },
  {
    rule: "A5 _by_pk requires every column of the key",
    query: Query.byPk(ZONE_SET, { ZONE_SET_ID: 711, ZONE_ID: 71102 }, { select: ["NAME"] }),
    answer: { NAME: "Rooms of DEMO" }
  },
  {
    rule: "A5 a root field under an alias returns the same",
    query: Query.as(Query.byPk(ZONES, { ZONE_ID: 71101 }, { select: ["NAME"] }), "lobby"),
    answer: { NAME: "Open Desks 1.1" }
  },
  {
    rule: "A5 an object relationship is a row, an array relationship is rows",
    query: Query.from(SITES, {
      select: [
        { relationship: "BUILDING", select: ["NAME"] },
        {
          relationship: "ZONES",
          as: "rooms",
          select: ["ZONE_ID"],
          where: { CAPACITY: { _lt: 10 } }
        }
      ],
      where: { SITE_ID: 100000711 }
    }),
    answer: [{ BUILDING: { NAME: "DEMO" }, rooms: [{ ZONE_ID: 71103 }] }]
  },
  {
    rule: "A5 an array relationship without rows is an empty list",
    query: Query.from(SITES, {
      select: [{ relationship: "ZONES", select: ["ZONE_ID"] }],
      where: { SITE_ID: 900000222 }
    }),
    answer: [{ ZONES: [] }]
  },
  {
    rule: "A5 _aggregate counts rows, rows with a value, and different values",
    query: Query.aggregate(ZONES, {
      select: { count: true, countDistinct: ["ZONE_TYPE"] }
    }),
    answer: { count: 24, countDistinct: 3 }
  },
  {
    rule: "A5 a count of a column leaves out its nulls",
    query: Query.aggregate(ZONE_INSIGHTS, {
      select: { count: ["OCCUPANCY_POS_MEAN"] },
      where: {
        ZONE_ID: 73101,
        GRANULARITY: "PT1H",
        DATE_TIME_START: [new Date("2025-05-12T20:30:00Z"), new Date("2025-05-13T06:30:00Z")]
      }
    }),
    answer: { count: 1 }
  },
  {
    rule: "A5 a count of several columns is of their different combinations",
    query: Query.aggregate(ZONES, {
      select: { countDistinct: ["SITE_ID", "ZONE_TYPE"] }
    }),
    answer: { countDistinct: 18 }
  },
  {
    rule: "A5 sum, min and max are of the column's type, and the others floating numbers",
    query: Query.aggregate(BUILDINGS, {
      select: {
        sum: ["CAPACITY"],
        min: ["NAME"],
        max: ["NAME", "BUILDING_ID"],
        avg: ["BUILDING_ID"],
        stddev: ["BUILDING_ID"],
        stddev_samp: ["BUILDING_ID"],
        stddev_pop: ["BUILDING_ID"],
        variance: ["BUILDING_ID"],
        var_samp: ["BUILDING_ID"],
        var_pop: ["BUILDING_ID"]
      }
    }),
    answer: {
      sum: { CAPACITY: 660 },
      min: { NAME: "Bengaluru Tech Park" },
      max: { NAME: "DEMO", BUILDING_ID: 73 },
      avg: { BUILDING_ID: 72 },
      stddev: { BUILDING_ID: 1 },
      stddev_samp: { BUILDING_ID: 1 },
      stddev_pop: { BUILDING_ID: 0.816496580927726 },
      variance: { BUILDING_ID: 1 },
      var_samp: { BUILDING_ID: 1 },
      var_pop: { BUILDING_ID: 0.6666666666666666 }
    }
  },
  {
    rule: "A5 an average of integers is a floating number",
    query: Query.aggregate(BUILDINGS, {
      select: { avg: ["BUILDING_ID"] },
      where: { BUILDING_ID: [71, 72] }
    }),
    answer: { avg: { BUILDING_ID: 71.5 } }
  },
  {
    rule: "A5 a sum of bigint is a bigint, an extreme of timestamptz a time",
    query: Query.aggregate(ZONE_INSIGHTS, {
      select: { sum: ["PEOPLE_COUNT"], min: ["DATE_TIME_START"] },
      where: {
        BUILDING_ID: 73,
        GRANULARITY: "PT1H",
        DATE_TIME_START: new Date("2025-05-12T18:30:00Z")
      }
    }),
    answer: {
      sum: { PEOPLE_COUNT: 0n },
      min: { DATE_TIME_START: DateTime.unsafeMake("2025-05-12T18:30:00Z") }
    }
  },
  {
    rule: "A5 a count is of at most limit rows",
    query: Query.aggregate(ZONES, { select: { count: true }, limit: 5 }),
    answer: { count: 5 }
  },
  {
    rule: "A5 limit, offset and order decide which rows are aggregated",
    query: Query.aggregate(ZONES, {
      select: { count: true, sum: ["ZONE_ID"] },
      orderBy: { ZONE_ID: "asc" },
      offset: 1,
      limit: 2
    }),
    answer: { count: 2, sum: { ZONE_ID: 71102 + 71103 } }
  },
  {
    rule: "A5 distinct_on decides which rows are aggregated",
    query: Query.aggregate(ZONES, {
      select: { count: true },
      distinctOn: ["ZONE_TYPE"],
      orderBy: { ZONE_TYPE: "asc" }
    }),
    answer: { count: 3 }
  },
  {
    rule: "A5 over no rows the count is 0, and every other aggregate null",
    query: Query.aggregate(ZONES, {
      select: {
        count: true,
        countDistinct: ["NAME"],
        sum: ["CAPACITY"],
        avg: ["CAPACITY"],
        stddev: ["CAPACITY"],
        var_pop: ["CAPACITY"],
        min: ["NAME"],
        max: ["CAPACITY"]
      },
      where: none
    }),
    answer: {
      count: 0,
      countDistinct: 0,
      sum: { CAPACITY: null },
      avg: { CAPACITY: null },
      stddev: { CAPACITY: null },
      var_pop: { CAPACITY: null },
      min: { NAME: null },
      max: { CAPACITY: null }
    }
  },
  {
    rule: "A5 a deviation of one row is null in a sample, and 0 in a population",
    query: Query.aggregate(ZONES, {
      select: { stddev: ["CAPACITY"], stddev_pop: ["CAPACITY"] },
      where: { ZONE_ID: 71101 }
    }),
    answer: { stddev: { CAPACITY: null }, stddev_pop: { CAPACITY: 0 } }
  }
]

const aggregate = (select: Query.AggregateSelection<(typeof ZONES)["columns"]>) =>
  Query.aggregate(ZONES, { select })

export const refusedRoots: ReadonlyArray<Refused> = [
  {
    rule: "A5 _by_pk without a key is refused",
    query: Query.byPk(ZONES, {}, { select: ["NAME"] }),
    reason: "EmptyFilter"
  },
  {
    rule: "A5 _by_pk with a list for a value is refused",
    // @ts-expect-error: must be one value
    query: Query.byPk(ZONES, { ZONE_ID: [71101] }, { select: ["NAME"] as const }),
    reason: "InvalidValue"
  },
  {
    rule: "A5 an aggregate of nothing is refused",
    query: aggregate({}),
    reason: "EmptySelection"
  },
  {
    rule: "A5 a function of no column is refused",
    query: aggregate({ sum: [] }),
    reason: "InvalidValue"
  },
  {
    rule: "A5 an unknown function is refused",
    // @ts-expect-error: no such function
    query: aggregate({ median: ["CAPACITY"] }),
    reason: "UnknownOperator"
  },
  {
    rule: "A5 a selection of nothing is refused",
    // @ts-expect-error: must select at least one column
    query: Query.from(ZONES, { select: [] }),
    reason: "EmptySelection"
  }
]

/**
 * Documents written by hand, with features that the builder does not have. Subscriptions and
 * `_stream` need a WebSocket. A program can get the rows of an aggregate (`nodes`) and the
 * aggregates of related rows with separate queries, which `queryAll` sends in one request. The
 * builder needs no list of operations, because `queryAll` puts several root fields into one
 * operation.
 */
export const rootsByHand: ReadonlyArray<ByHand> = [
  {
    rule: "A5 a subscription is refused over HTTP",
    document: "subscription { r: ZONES { ZONE_ID } }",
    expected: {
      code: "unexpected-payload",
      says: "subscriptions are not supported over HTTP, use websockets instead"
    }
  },
  {
    rule: "A5 an incomplete key is refused by the server",
    document: "{ r: ZONE_SET_by_pk(ZONE_ID: 71102) { NAME } }",
    expected: { code: "validation-failed", says: "missing required field 'ZONE_SET_ID'" }
  },
  {
    rule: "A5 a sum of text is refused by the server",
    document: "{ r: ZONES_aggregate { aggregate { sum { NAME } } } }",
    expected: { code: "validation-failed", says: "field 'NAME' not found in type" }
  },
  {
    rule: "A5 an unknown root field is refused by the server",
    document: "{ r: ROOMS { NAME } }",
    expected: { code: "validation-failed", says: "field 'ROOMS' not found in type: 'query_root'" }
  },
  {
    rule: "A5 nodes are the rows that were aggregated",
    document: "{ r: ZONES_aggregate(limit: 1, order_by: {ZONE_ID: asc}) { nodes { ZONE_ID } } }",
    expected: { data: { r: { nodes: [{ ZONE_ID: 71101 }] } } }
  }
]

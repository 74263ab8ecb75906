/** A4: order_by, limit, offset and distinct_on. */
import * as Query from "@innerspace-metrics/core/Query"
import * as DateTime from "effect/DateTime"
import type { Answered, ByHand, Refused } from "../rule.js"
import {
  BUILDINGS,
  type BuildingsColumns,
  SITES,
  type SitesColumns,
  ZONE_INSIGHTS,
  ZONES,
  type ZonesColumns
} from "../tables.js"

type Direction = NonNullable<Query.OrderBy<ZonesColumns>["ZONE_ID"]>

const zones = (options: Omit<Query.Options<ZonesColumns, ["ZONE_ID"]>, "select">) =>
  Query.from(ZONES, { select: ["ZONE_ID"], ...options })

const ids = (...found: ReadonlyArray<number>) => found.map((ZONE_ID) => ({ ZONE_ID }))

const night = "2025-05-12T20:30:00Z"
const noon = "2025-05-13T06:30:00Z"

/** Two hours of a zone. In one of them nobody is in the zone, and the cell is null. */
const nulls = (direction: Direction) =>
  Query.from(ZONE_INSIGHTS, {
    select: ["DATE_TIME_START"],
    where: {
      ZONE_ID: 73101,
      GRANULARITY: "PT1H",
      DATE_TIME_START: [new Date(night), new Date(noon)]
    },
    orderBy: { OCCUPANCY_POS_MEAN: direction }
  })

export const directions: ReadonlyArray<readonly [Direction, isNullFirst: boolean]> = [
  ["asc", false],
  ["desc", true],
  ["asc_nulls_first", true],
  ["asc_nulls_last", false],
  ["desc_nulls_first", true],
  ["desc_nulls_last", false]
]

export const ordering: ReadonlyArray<Answered> = [
  ...directions.map(
    ([direction, isNullFirst]): Answered => ({
      rule: `A4 ${direction} puts nulls ${isNullFirst ? "first" : "last"}`,
      query: nulls(direction),
      answer: (isNullFirst ? [night, noon] : [noon, night]).map((time) => ({
        DATE_TIME_START: DateTime.unsafeMake(time)
      }))
    })
  ),
  {
    rule: "A4 asc is from small to large",
    query: zones({ orderBy: [{ CAPACITY: "asc" }], limit: 1, where: { SITE_ID: 100000711 } }),
    answer: ids(71103)
  },
  {
    rule: "A4 desc is from large to small",
    query: zones({ orderBy: { CAPACITY: "desc" }, limit: 1, where: { SITE_ID: 100000711 } }),
    answer: ids(71101)
  },
  {
    rule: "A4 a list of one-key objects is ordered by the first, then by the second",
    query: zones({
      orderBy: [{ CAPACITY: "desc" }, { ZONE_ID: "desc" }],
      where: { SITE_ID: 100000711 }
    }),
    answer: ids(71101, 71104, 71102, 71103)
  },
  {
    rule: "A4 in another order the same keys are another order",
    query: zones({
      orderBy: [{ ZONE_ID: "desc" }, { CAPACITY: "desc" }],
      where: { SITE_ID: 100000711 }
    }),
    answer: ids(71104, 71103, 71102, 71101)
  },
  {
    rule: "A4 an order goes through relationships to one row",
    query: zones({
      orderBy: [{ SITE: { BUILDING: { NAME: "asc" } } }, { ZONE_ID: "desc" }],
      limit: 2
    }),
    answer: ids(73104, 73103)
  },
  {
    rule: "A4 limit: 0 returns no row",
    query: zones({ limit: 0 }),
    answer: []
  },
  {
    rule: "A4 offset leaves out the first rows",
    query: zones({ orderBy: { ZONE_ID: "asc" }, offset: 22 }),
    answer: ids(73103, 73104)
  },
  {
    rule: "A4 limit counts after offset",
    query: zones({ orderBy: { ZONE_ID: "asc" }, offset: 2, limit: 2 }),
    answer: ids(71103, 71104)
  },
  {
    rule: "A4 an offset beyond the last row returns no row",
    query: zones({ orderBy: { ZONE_ID: "asc" }, offset: 2_147_483_647 }),
    answer: []
  },
  {
    rule: "A4 distinct_on keeps the first row of each value",
    query: zones({
      distinctOn: ["ZONE_TYPE"],
      orderBy: [{ ZONE_TYPE: "asc" }, { ZONE_ID: "desc" }]
    }),
    answer: ids(73104, 73103, 73101)
  },
  {
    rule: "A4 distinct_on of several columns, which order_by begins with in any order",
    query: zones({
      distinctOn: ["SITE_ID", "ZONE_TYPE"],
      orderBy: [{ ZONE_TYPE: "asc" }, { SITE_ID: "desc" }, { ZONE_ID: "asc" }],
      where: { SITE: { BUILDING_ID: 72 } }
    }),
    answer: ids(72204, 72104, 72202, 72102, 72201, 72101)
  },
  {
    rule: "A4 distinct_on of a column twice is the same as once",
    query: zones({ distinctOn: ["ZONE_TYPE", "ZONE_TYPE"], orderBy: { ZONE_TYPE: "asc" } }).pipe(
      (query) => ({ ...query, select: ["ZONE_TYPE"] })
    ),
    answer: ["lounge", "meeting_room", "open_desks"].map((ZONE_TYPE) => ({ ZONE_TYPE }))
  },
  {
    rule: "A4 distinct_on needs no order",
    query: Query.from(BUILDINGS, {
      select: ["NAME"],
      distinctOn: ["NAME"],
      where: { BUILDING_ID: 71 }
    }),
    answer: [{ NAME: "DEMO" }]
  },
  {
    rule: "A4 related rows have an order and limits of their own",
    query: Query.from(SITES, {
      select: [
        {
          relationship: "ZONES",
          select: ["ZONE_ID"],
          orderBy: [{ CAPACITY: "desc" }, { ZONE_ID: "desc" }],
          offset: 1,
          limit: 2
        }
      ],
      where: { SITE_ID: 100000711 }
    }),
    answer: [{ ZONES: ids(71104, 71102) }]
  }
]

const select = ["ZONE_ID"] as const

/** Code that the compiler has not checked can pass anything. */
const unchecked = (options: object) => Query.from(ZONES, { select: ["ZONE_ID"], ...options })

/**
 * The builder cannot order rows by a relationship to many rows, or by their count. An aggregate can
 * do this.
 */
const sitesBy = (orderBy: Query.OrderBy<SitesColumns>) =>
  Query.from(SITES, { select: ["SITE_ID"], orderBy })
const buildingsBy = (orderBy: Query.OrderBy<BuildingsColumns>) =>
  Query.from(BUILDINGS, { select: ["BUILDING_ID"], orderBy })

export const refusedOrdering: ReadonlyArray<Refused> = [
  {
    rule: "A4 several keys in one object, whose order a server does not keep, are refused",
    // @ts-expect-error: must have one key
    query: zones({ orderBy: { CAPACITY: "desc", ZONE_ID: "desc" } }),
    reason: "InvalidValue"
  },
  {
    rule: "A4 an empty object is refused",
    query: unchecked({ orderBy: [{}] }),
    reason: "InvalidValue"
  },
  {
    rule: "A4 a null direction would drop its key, and is refused",
    // @ts-expect-error: must be a direction
    query: zones({ orderBy: { CAPACITY: null } }),
    reason: "InvalidValue"
  },
  {
    rule: "A4 a direction in capitals is refused",
    // @ts-expect-error: must be a direction
    query: zones({ orderBy: { CAPACITY: "ASC" } }),
    reason: "InvalidValue"
  },
  {
    rule: "A4 an order by an unknown column is refused",
    // @ts-expect-error: must be a column
    query: zones({ orderBy: { SIZE: "asc" } }),
    reason: "UnknownColumn"
  },
  {
    rule: "A4 an order by a relationship to many rows is refused",
    // @ts-expect-error: a relationship to many rows
    query: sitesBy({ ZONES: { NAME: "asc" } }),
    reason: "UnknownColumn"
  },
  {
    rule: "A4 an order by the count of related rows is refused",
    // @ts-expect-error: not a column
    query: buildingsBy({ SITES_aggregate: { count: "desc" } }),
    reason: "UnknownColumn"
  },
  ...[-1, 1.5, 2_147_483_648, Number.NaN, "5", null].flatMap(
    (count): ReadonlyArray<Refused> => [
      {
        rule: `A4 limit: ${JSON.stringify(count)} (${typeof count}) is refused`,
        query: unchecked({ limit: count }),
        reason: "InvalidValue"
      },
      {
        rule: `A4 offset: ${JSON.stringify(count)} (${typeof count}) is refused`,
        query: unchecked({ offset: count }),
        reason: "InvalidValue"
      }
    ]
  ),
  {
    rule: "A4 distinct_on that order_by does not begin with is refused",
    query: zones({
      distinctOn: ["ZONE_TYPE"],
      orderBy: [{ ZONE_ID: "asc" }, { ZONE_TYPE: "asc" }]
    }),
    reason: "InvalidValue"
  },
  {
    rule: "A4 distinct_on of more columns than order_by has is refused",
    query: zones({ distinctOn: ["ZONE_TYPE", "SITE_ID"], orderBy: { ZONE_TYPE: "asc" } }),
    reason: "InvalidValue"
  },
  {
    rule: "A4 distinct_on of a column that order_by has twice in place of another is refused",
    query: zones({
      distinctOn: ["ZONE_TYPE", "SITE_ID"],
      orderBy: [{ ZONE_TYPE: "asc" }, { ZONE_TYPE: "desc" }, { SITE_ID: "asc" }]
    }),
    reason: "InvalidValue"
  },
  {
    rule: "A4 distinct_on with an order that begins with a related row is refused",
    query: zones({
      distinctOn: ["ZONE_TYPE"],
      orderBy: [{ SITE: { NAME: "asc" } }, { ZONE_TYPE: "asc" }]
    }),
    reason: "InvalidValue"
  },
  {
    rule: "A4 distinct_on of a relationship is refused",
    // @ts-expect-error: must be a column
    query: Query.from(ZONES, { select, distinctOn: ["SITE"] }),
    reason: "UnknownColumn"
  }
]

const distinct = (orderBy: string) =>
  `{ r: ZONES(distinct_on: [ZONE_TYPE, SITE_ID], order_by: ${orderBy}) { ZONE_ID } }`
const mismatch = {
  code: "validation-failed",
  says: '"distinct_on" columns must match initial "order_by" columns'
}

/** How a server reads the orders that the builder rejects. This is why the builder rejects them. */
export const orderingByHand: ReadonlyArray<ByHand> = [
  {
    rule: "A4 the keys of one object are applied in the server's order",
    document: "{ r: ZONES(limit: 1, order_by: {CAPACITY: desc, ZONE_ID: desc}) { ZONE_ID } }",
    expected: { data: { r: ids(73104) } }
  },
  {
    rule: "A4 a null direction drops its key",
    document: "{ r: ZONES(limit: 1, order_by: [{CAPACITY: null}, {ZONE_ID: desc}]) { ZONE_ID } }",
    expected: { data: { r: ids(73104) } }
  },
  {
    rule: "A4 an order by the count of related rows exists, for documents written by hand",
    document:
      "{ r: BUILDINGS(limit: 1, order_by: {FLOORS_aggregate: {count: desc}}) { BUILDING_ID } }",
    expected: { data: { r: [{ BUILDING_ID: 71 }] } }
  },
  {
    rule: "A4 distinct_on of more columns than order_by has is refused by the server",
    document: distinct("[{ZONE_TYPE: asc}]"),
    expected: mismatch
  },
  {
    rule: "A4 distinct_on of a column twice, which order_by has once, is refused by the server",
    document:
      "{ r: ZONES(distinct_on: [ZONE_TYPE, ZONE_TYPE], order_by: {ZONE_TYPE: asc}) { ZONE_ID } }",
    expected: mismatch
  },
  {
    rule: "A4 distinct_on of a column that order_by has twice is refused by the server",
    document: distinct("[{ZONE_TYPE: asc}, {ZONE_TYPE: desc}, {SITE_ID: asc}]"),
    expected: mismatch
  },
  {
    rule: "A4 a negative limit is refused by the server",
    document: "{ r: ZONES(limit: -1) { ZONE_ID } }",
    expected: {
      code: "validation-failed",
      says: "expected a non-negative 32-bit integer for type 'Int'"
    }
  },
  {
    rule: "A4 a negative offset fails in the database",
    document: "{ r: ZONES(offset: -1) { ZONE_ID } }",
    expected: { code: "data-exception", says: "OFFSET must not be negative" }
  }
]

/** A2 and A3: the meaning of empty, nested and missing filters, and of null. */
import * as Query from "@innerspace-metrics/core/Query"
import { type Answered, type ByHand, type Filtered, over, type Refused } from "../rule.js"
import {
  building_features,
  hours,
  SITES,
  type SitesColumns,
  sites,
  ZONE_SET,
  ZONES,
  type ZonesColumns,
  zones
} from "../tables.js"

const ofZones = over("v2", zones)
const ofHours = over("v2", hours)
const ofSites = over("v2", sites)

export const logic: ReadonlyArray<Filtered> = [
  ofZones(
    "A2 several keys in one object are joined by and",
    () => ({ ZONE_TYPE: "lounge", CAPACITY: { _gt: 15 } }),
    ({ CAPACITY, ZONE_TYPE }) => ZONE_TYPE === "lounge" && CAPACITY > 15
  ),
  ofZones(
    "A2 where: {} does not filter",
    () => ({}),
    () => true,
    "all"
  ),
  ofZones(
    "A2 _and: all must hold",
    () => ({ _and: [{ ZONE_TYPE: "lounge" }, { CAPACITY: { _gt: 15 } }] }),
    ({ CAPACITY, ZONE_TYPE }) => ZONE_TYPE === "lounge" && CAPACITY > 15
  ),
  ofZones(
    "A2 _and: [] is true",
    () => ({ _and: [] }),
    () => true,
    "all"
  ),
  ofZones(
    "A2 _or: one is enough",
    () => ({ _or: [{ ZONE_TYPE: "lounge" }, { CAPACITY: { _gt: 50 } }] }),
    ({ CAPACITY, ZONE_TYPE }) => ZONE_TYPE === "lounge" || CAPACITY > 50
  ),
  ofZones(
    "A2 _or: [{}] is true",
    () => ({ _or: [{}] }),
    () => true,
    "all"
  ),
  ofZones(
    "A2 _or and the keys next to it are joined by and",
    () => ({ CAPACITY: { _lt: 15 }, _or: [{ ZONE_TYPE: "lounge" }, { CAPACITY: { _lt: 6 } }] }),
    ({ CAPACITY, ZONE_TYPE }) => CAPACITY < 15 && (ZONE_TYPE === "lounge" || CAPACITY < 6)
  ),
  ofZones(
    "A2 _not",
    () => ({ _not: { ZONE_TYPE: "lounge", CAPACITY: { _gt: 15 } } }),
    ({ CAPACITY, ZONE_TYPE }) => !(ZONE_TYPE === "lounge" && CAPACITY > 15)
  ),
  ofZones(
    "A2 _not: {} is false",
    () => ({ _not: {} }),
    () => false,
    "none"
  ),
  ofZones(
    "A2 _not: {_and: []} is false",
    () => ({ _not: { _and: [] } }),
    () => false,
    "none"
  ),
  ofZones(
    "A2 _not: {_not: ...} is what it holds",
    () => ({ _not: { _not: { _or: [{ CAPACITY: { _gt: 50 } }] } } }),
    ({ CAPACITY }) => CAPACITY > 50
  ),
  ofHours(
    "A2 _in: [] is false",
    () => ({ OCCUPANCY_POS_MEAN: { _in: [] } }),
    () => false,
    "none"
  ),
  ofHours(
    "A2 a plain empty list is _in: [], and false",
    () => ({ ZONE_ID: [] }),
    () => false,
    "none"
  ),
  ofHours(
    "A2 _nin: [] is true, of a null cell as well",
    () => ({ OCCUPANCY_POS_MEAN: { _nin: [] } }),
    () => true,
    "all"
  ),
  ofHours(
    "A2 _not: {_in: []} is true, of a null cell as well",
    () => ({ _not: { OCCUPANCY_POS_MEAN: { _in: [] } } }),
    () => true,
    "all"
  ),
  ofHours(
    "A2 a null cell is not greater",
    () => ({ OCCUPANCY_POS_MEAN: { _gt: -1 } }),
    ({ OCCUPANCY_POS_MEAN }) => OCCUPANCY_POS_MEAN !== null
  ),
  ofHours(
    "A2 a null cell is left out under _not as well",
    () => ({ _not: { OCCUPANCY_POS_MEAN: { _gt: 10 } } }),
    ({ OCCUPANCY_POS_MEAN }) => OCCUPANCY_POS_MEAN !== null && OCCUPANCY_POS_MEAN <= 10
  ),
  ofHours(
    "A2 a null cell is left out under _not of _nin as well",
    () => ({ _not: { OCCUPANCY_POS_MEAN: { _nin: [1.2] } } }),
    ({ OCCUPANCY_POS_MEAN }) => OCCUPANCY_POS_MEAN === 1.2
  ),
  ofHours(
    "A2 a null cell is let in by another part of _or",
    () => ({ _or: [{ OCCUPANCY_POS_MEAN: { _gt: 50 } }, { PEOPLE_COUNT: 0n }] }),
    ({ OCCUPANCY_POS_MEAN, PEOPLE_COUNT }) => (OCCUPANCY_POS_MEAN ?? 0) > 50 || PEOPLE_COUNT === 0n
  ),
  ofHours(
    "A3 false or null is an _or with _is_null",
    () => ({
      _or: [{ OCCUPANCY_POS_MEAN: { _lt: 2 } }, { OCCUPANCY_POS_MEAN: { _is_null: true } }]
    }),
    ({ OCCUPANCY_POS_MEAN }) => OCCUPANCY_POS_MEAN === null || OCCUPANCY_POS_MEAN < 2
  ),
  ofSites(
    "A2 {relationship: {}} is true where a related row exists",
    () => ({ ZONES: {} }),
    ({ NAME }) => NAME !== "Whole building"
  ),
  ofSites(
    "A2 _not: {relationship: {}} is true where no related row exists",
    () => ({ _not: { ZONES: {} } }),
    ({ NAME }) => NAME === "Whole building"
  ),
  ofSites(
    "A2 a relationship to many rows matches if some row does",
    () => ({ ZONES: { ZONE_ID: [71101, 72203] } }),
    ({ SITE_ID }) => SITE_ID === 100000711 || SITE_ID === 100000722
  ),
  ofZones(
    "A2 a relationship to one row matches if its row does",
    () => ({ SITE: { BUILDING: { NAME: { _like: "Berlin%" } } } }),
    ({ ZONE_ID }) => Math.floor(ZONE_ID / 1000) === 72
  )
]

const select = ["ZONE_ID"] as const
const ofZone = (where: Query.Where<ZonesColumns>) => Query.from(ZONES, { select, where })
const ofSite = (where: Query.Where<SitesColumns>) =>
  Query.from(SITES, { select: ["SITE_ID"], where })

/** Code that the compiler has not checked can pass anything. */
const unchecked = (where: unknown) => ofZone(where as Query.Where<ZonesColumns>)

const ofFeature = (feature_value: unknown) =>
  Query.from(building_features, {
    select: ["building_id"],
    where: { feature_value } as Query.Where<(typeof building_features)["columns"]>
  })

export const refusedLogic: ReadonlyArray<Refused> = [
  {
    rule: "A2 _or: [] would be false, and is refused",
    // @ts-expect-error: must have at least one filter
    query: ofZone({ _or: [] }),
    reason: "EmptyFilter"
  },
  {
    rule: "A2 _or: [] is refused wherever it stands",
    query: unchecked({ _and: [{ _not: { SITE: { _or: [] } } }] }),
    reason: "EmptyFilter"
  },
  {
    rule: "A2 _or given an object would be and, and is refused",
    // @ts-expect-error: must be a list
    query: ofZone({ _or: { ZONE_ID: 1, CAPACITY: 1 } }),
    reason: "InvalidValue"
  },
  {
    rule: "A2 _and given an object is refused",
    // @ts-expect-error: must be a list
    query: ofZone({ _and: { ZONE_ID: 1 } }),
    reason: "InvalidValue"
  },
  {
    rule: "A2 {column: {}} would be true, and is refused",
    query: ofZone({ NAME: {} }),
    reason: "EmptyFilter"
  },
  {
    rule: "A2 {_cast: {String: {}}} would be true, and is refused",
    query: ofFeature({ _cast: { String: {} } }),
    reason: "EmptyFilter"
  },
  {
    rule: "A2 where: null is refused",
    query: unchecked(null),
    reason: "InvalidValue"
  },
  ...["_eq", "_neq", "_gt", "_gte", "_lt", "_lte", "_in", "_nin", "_is_null", "_like"].map(
    (operator): Refused => ({
      rule: `A3 ${operator}: null is refused`,
      query: unchecked({ NAME: { [operator]: null } }),
      reason: "NullComparison"
    })
  ),
  {
    rule: "A3 a plain null is refused",
    // @ts-expect-error: must be a value
    query: ofZone({ CAPACITY: null }),
    reason: "NullComparison"
  },
  {
    rule: "A3 a plain undefined is refused",
    // @ts-expect-error: must be a value
    query: ofZone({ CAPACITY: undefined }),
    reason: "NullComparison"
  },
  {
    rule: "A3 _eq: undefined is refused",
    // @ts-expect-error: must be a value
    query: ofZone({ CAPACITY: { _eq: undefined } }),
    reason: "NullComparison"
  },
  {
    rule: "A3 null in a list is refused",
    // @ts-expect-error: must be values
    query: ofZone({ CAPACITY: { _in: [1, null] } }),
    reason: "InvalidValue"
  },
  {
    rule: "A3 null in a plain list is refused",
    // @ts-expect-error: must be values
    query: ofZone({ CAPACITY: [null] }),
    reason: "InvalidValue"
  },
  {
    rule: "A3 null behind a relationship is refused",
    // @ts-expect-error: must be a value
    query: ofSite({ ZONES: { NAME: { _eq: null } } }),
    reason: "NullComparison"
  },
  {
    rule: "A3 null under _and, _or and _not is refused",
    query: unchecked({ _and: [{ _or: [{ _not: { NAME: null } }] }] }),
    reason: "NullComparison"
  },
  {
    rule: "A3 null as the key of a row is refused",
    // @ts-expect-error: must be a value
    query: Query.byPk(ZONE_SET, { ZONE_SET_ID: 711, ZONE_ID: null }, { select }),
    reason: "NullComparison"
  },
  ...["_eq", "_contains", "_contained_in", "_has_key", "_has_keys_any", "_has_keys_all"].map(
    (operator): Refused => ({
      rule: `A3 jsonb ${operator}: null is refused`,
      query: ofFeature({ [operator]: null }),
      reason: "NullComparison"
    })
  ),
  ...["_in", "_nin", "_has_keys_any", "_has_keys_all"].map(
    (operator): Refused => ({
      rule: `A3 jsonb ${operator}: [null] is refused`,
      query: ofFeature({ [operator]: [null] }),
      reason: "InvalidValue"
    })
  ),
  {
    rule: "A3 null under _cast is refused",
    query: ofFeature({ _cast: { String: { _like: null } } }),
    reason: "NullComparison"
  }
]

export const answeredLogic: ReadonlyArray<Answered> = [
  {
    rule: "A3 null inside of a jsonb value is a value",
    api: "v1",
    query: Query.limit(ofFeature({ _contains: { "1": null } }), 1),
    answer: []
  }
]

const zone = (args: string) =>
  `{ r: ZONES(order_by: {ZONE_ID: asc}, limit: 1, ${args}) { ZONE_ID } }`
const first = { data: { r: [{ ZONE_ID: 71101 }] } }
const nothing = { data: { r: [] } }

/**
 * How a server reads the filters that the builder rejects. This is why the builder rejects them.
 */
export const logicByHand: ReadonlyArray<ByHand> = [
  { rule: "A2 _or: [] is false", document: zone("where: {_or: []}"), expected: nothing },
  {
    rule: "A2 _or given an object is and",
    document: zone("where: {_or: {ZONE_ID: {_eq: 71101}, CAPACITY: {_lt: 0}}}"),
    expected: nothing
  },
  {
    rule: "A2 _and given an object is a list of one",
    document: zone("where: {_and: {ZONE_ID: {_eq: 71101}}}"),
    expected: first
  },
  { rule: "A2 {column: {}} is true", document: zone("where: {NAME: {}}"), expected: first },
  { rule: "A2 where: null does not filter", document: zone("where: null"), expected: first },
  {
    rule: "A3 _eq: null is refused by this server; others drop the filter",
    document: zone("where: {NAME: {_eq: null}}"),
    expected: { code: "validation-failed", says: "unexpected null value for type 'String'" }
  },
  {
    rule: "A3 a nullable variable that is not sent is null",
    document: `query ($id: Int) ${zone("where: {ZONE_ID: {_eq: $id}}")}`,
    expected: { code: "validation-failed", says: "unexpected null value for type 'Int'" }
  },
  {
    rule: "A3 null for a non-null variable is refused",
    document: `query ($id: Int!) ${zone("where: {ZONE_ID: {_eq: $id}}")}`,
    variables: { id: null },
    expected: { code: "validation-failed", says: "null value found for non-nullable type" }
  },
  {
    rule: "A3 offset, order_by and distinct_on treat null as absent",
    document:
      "{ r: ZONES(limit: 1, offset: null, order_by: null, distinct_on: null) { __typename } }",
    expected: { data: { r: [{ __typename: "ZONES" }] } }
  }
]

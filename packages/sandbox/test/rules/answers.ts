import type { Sandbox } from "@innerspace-metrics/sandbox"

/**
 * A rule of Hasura, a query that shows the rule (by default of v2), and the value of the root field
 * `r` in the response.
 */
interface Rule {
  readonly rule: string
  readonly ask: string
  readonly answer: unknown
  readonly variables?: unknown
  readonly api?: Sandbox.ApiName
}

export const zones = (args: string) => `r: ZONES(order_by: {ZONE_ID: asc}, ${args}) { ZONE_ID }`
const ids = (...found: ReadonlyArray<number>) => found.map((ZONE_ID) => ({ ZONE_ID }))
const ofBuilding73 = ids(73101, 73102, 73103, 73104)
const in73 = "SITE: {BUILDING_ID: {_eq: 73}}"
const within = (where: string) => zones(`where: {${in73}, ${where}}`)

/** A placeholder for a number that depends on the seed and is not 0. */
export const busyMaximum = "more than nobody"

/**
 * A filter for an hour of Sunday night in meeting rooms. Nobody is there, so OCCUPANCY_POS_MEAN is
 * null.
 */
const night = `GRANULARITY: {_eq: "PT1H"}, ZONE_ID: {_in: [73102, 73103]}, DATE_TIME_START: {_eq: "2025-05-11T20:30:00Z"}`
const nights = (where: string) =>
  `r: ZONE_INSIGHTS(order_by: {ZONE_ID: asc}, where: {${night}, ${where}}) { ZONE_ID }`

const comparisons: ReadonlyArray<Rule> = [
  {
    rule: "A1: operators of one column are joined by and",
    ask: `{ ${within("ZONE_ID: {_gt: 73101, _gte: 73102, _lt: 73104, _lte: 73103, _neq: 73103, _nin: [73104]}")} }`,
    answer: ids(73102)
  },
  {
    rule: "A1: text has like, ilike, similar, regex and their opposites",
    ask: `{ ${within(`NAME: {_like: "Meet%", _ilike: "meet%", _similar: "(Meeting|Open)%", _regex: "2$", _iregex: "^m",
      _nlike: "X%", _nilike: "x%", _nsimilar: "X", _nregex: "3$", _niregex: "x"}`)} }`,
    answer: ids(73102)
  },
  {
    rule: "A1: every column type accepts a string",
    ask: `{ ${zones(`where: {ZONE_ID: {_eq: "73101"}}`)} }`,
    answer: ids(73101)
  },
  {
    rule: "A1: bigint is compared as number and as string",
    ask: `{ r: ZONE_INSIGHTS(where: {${night}, PEOPLE_COUNT: {_lt: "1", _gte: 0, _in: ["0", 9007199254740991]}}, order_by: {ZONE_ID: asc}) { ZONE_ID } }`,
    answer: ids(73102, 73103)
  },
  {
    rule: "A1: timestamptz accepts Z and offsets",
    ask: `{ r: ZONE_INSIGHTS(where: {ZONE_ID: {_eq: 73101}, GRANULARITY: {_eq: "PT1H"},
      DATE_TIME_START: {_in: ["2025-05-11T20:30:00Z", "2025-05-12T03:00:00+05:30"]}}, order_by: {DATE_TIME_START: asc}) { DATE_TIME_START } }`,
    answer: [
      { DATE_TIME_START: "2025-05-11T20:30:00+00:00" },
      { DATE_TIME_START: "2025-05-11T21:30:00+00:00" }
    ]
  },
  {
    rule: "A1: a variable that is declared and not used is tolerated",
    ask: `query ($unused: Int) { ${zones("limit: 0")} }`,
    answer: []
  }
]

const logic: ReadonlyArray<Rule> = [
  {
    rule: "A2: keys of one object are joined by and",
    ask: `{ ${within(`ZONE_TYPE: {_eq: "lounge"}, CAPACITY: {_gt: 0}`)} }`,
    answer: ids(73104)
  },
  {
    rule: "A2: {} as where is true",
    ask: `{ ${zones("limit: 1, where: {}")} }`,
    answer: ids(71101)
  },
  {
    rule: "A2: where: null does not filter",
    ask: `{ ${zones("limit: 1, where: null")} }`,
    answer: ids(71101)
  },
  { rule: "A2: {column: {}} is true", ask: `{ ${within("NAME: {}")} }`, answer: ofBuilding73 },
  {
    rule: "A2: {column: {}} is true where the column is null",
    ask: `{ ${nights("OCCUPANCY_POS_MEAN: {}")} }`,
    answer: ids(73102, 73103)
  },
  {
    rule: "A2: {relationship: {}} is true where a related row exists",
    ask: `{ r: SITES(where: {BUILDING_ID: {_eq: 73}, ZONES: {}}) { SITE_ID } }`,
    answer: [{ SITE_ID: 100000731 }]
  },
  {
    rule: "A2: an array relationship matches if any row does",
    ask: `{ r: BUILDINGS(where: {SITES: {ZONES: {ZONE_ID: {_eq: 72204}}}}) { BUILDING_ID } }`,
    answer: [{ BUILDING_ID: 72 }]
  },
  {
    rule: "A2: an object relationship matches if its row does",
    ask: `{ ${zones(`where: {ZONE_TYPE: {_eq: "lounge"}, SITE: {BUILDING: {NAME: {_like: "Berlin%"}}}}`)} }`,
    answer: ids(72104, 72204)
  },
  { rule: "A2: _and: [] is true", ask: `{ ${within("_and: []")} }`, answer: ofBuilding73 },
  { rule: "A2: _or: [] is false", ask: `{ ${within("_or: []")} }`, answer: [] },
  { rule: "A2: _not: {} is false", ask: `{ ${within("_not: {}")} }`, answer: [] },
  {
    rule: "A2: _or given an object behaves as and",
    ask: `{ ${within("_or: {ZONE_ID: {_eq: 73101}, CAPACITY: {_lt: 0}}")} }`,
    answer: []
  },
  {
    rule: "A2: _and given an object is a list of one",
    ask: `{ ${within("_and: {ZONE_ID: {_eq: 73101}}")} }`,
    answer: ids(73101)
  },
  { rule: "A2: _in: [] is false", ask: `{ ${within("ZONE_ID: {_in: []}")} }`, answer: [] },
  {
    rule: "A2: _nin: [] is true",
    ask: `{ ${within("ZONE_ID: {_nin: []}")} }`,
    answer: ofBuilding73
  },
  {
    rule: "A2: a null cell is not equal",
    ask: `{ ${nights("OCCUPANCY_POS_MEAN: {_eq: 1}")} }`,
    answer: []
  },
  {
    rule: "A2: a null cell is not unequal either",
    ask: `{ ${nights("OCCUPANCY_POS_MEAN: {_neq: 1}")} }`,
    answer: []
  },
  {
    rule: "A2: a null cell is left out under _not as well",
    ask: `{ ${nights("_not: {OCCUPANCY_POS_MEAN: {_eq: 1}}")} }`,
    answer: []
  },
  {
    rule: "A2: the number of related rows can be a filter",
    ask: `{ r: SITES(where: {BUILDING_ID: {_eq: 73}, ZONES_aggregate: {count: {filter: {ZONE_TYPE: {_eq: "meeting_room"}},
      arguments: [ZONE_TYPE], predicate: {_gte: 1}}}}) { SITE_ID } }`,
    answer: [{ SITE_ID: 100000731 }]
  },
  {
    rule: "A3: _is_null finds null cells",
    ask: `{ ${nights("OCCUPANCY_POS_MEAN: {_is_null: true}")} }`,
    answer: ids(73102, 73103)
  },
  {
    rule: "A3: null for limit, offset, order_by and distinct_on means absent",
    ask: `{ r: BUILDINGS(limit: null, offset: null, order_by: null, distinct_on: null, where: {BUILDING_ID: {_eq: 73}}) { BUILDING_ID } }`,
    answer: [{ BUILDING_ID: 73 }]
  }
]

const ordered: ReadonlyArray<Rule> = [
  {
    rule: "A4: a list of one-key objects is an order",
    ask: `{ r: BUILDINGS(order_by: [{CAPACITY: desc}, {BUILDING_ID: asc}]) { BUILDING_ID } }`,
    answer: [{ BUILDING_ID: 71 }, { BUILDING_ID: 73 }, { BUILDING_ID: 72 }]
  },
  {
    rule: "A4: the keys of one object apply in the order of the schema",
    ask: `{ r: ZONES(limit: 1, order_by: {CAPACITY: desc, ZONE_ID: desc}) { ZONE_ID } }`,
    answer: ids(73104)
  },
  {
    rule: "A4: a null direction drops its key",
    ask: `{ r: BUILDINGS(limit: 1, order_by: [{NAME: null}, {BUILDING_ID: desc}]) { BUILDING_ID } }`,
    answer: [{ BUILDING_ID: 73 }]
  },
  {
    rule: "A4: an order can go through an object relationship",
    ask: `{ r: ZONES(limit: 1, order_by: [{SITE: {BUILDING: {NAME: asc}}}, {ZONE_ID: desc}]) { ZONE_ID } }`,
    answer: ids(73104)
  },
  {
    rule: "A4: an order can count related rows",
    ask: `{ r: BUILDINGS(order_by: {FLOORS_aggregate: {count: desc}}) { BUILDING_ID } }`,
    answer: [{ BUILDING_ID: 71 }, { BUILDING_ID: 72 }, { BUILDING_ID: 73 }]
  },
  {
    rule: "A4: an order can use the maximum of related rows",
    ask: `{ r: BUILDINGS(order_by: {FLOORS_aggregate: {max: {LEVEL: desc}}}) { BUILDING_ID } }`,
    answer: [{ BUILDING_ID: 73 }, { BUILDING_ID: 71 }, { BUILDING_ID: 72 }]
  },
  {
    rule: "A4: an offset may be a string of digits",
    ask: `{ ${zones(`limit: 1, offset: "2"`)} }`,
    answer: ids(71103)
  },
  {
    rule: "A4: distinct_on keeps the first row of each value",
    ask: `{ r: ZONES(distinct_on: [ZONE_TYPE], order_by: [{ZONE_TYPE: asc}, {ZONE_ID: desc}]) { ZONE_ID } }`,
    answer: ids(73104, 73103, 73101)
  },
  ...(
    [
      ["asc", [false, true]],
      ["desc", [true, false]],
      ["asc_nulls_first", [true, false]],
      ["asc_nulls_last", [false, true]],
      ["desc_nulls_first", [true, false]],
      ["desc_nulls_last", [false, true]]
    ] as const
  ).map(([direction, nullFirst]) => ({
    rule: `A4: ${direction} puts nulls ${nullFirst[0] ? "first" : "last"}`,
    ask: `{ r: ZONE_INSIGHTS(order_by: {OCCUPANCY_POS_MEAN: ${direction}}, where: {GRANULARITY: {_eq: "PT1H"},
      ZONE_ID: {_eq: 73101}, DATE_TIME_START: {_in: ["2025-05-12T05:30:00Z", "2025-05-11T20:30:00Z"]}}) { OCCUPANCY_MAX } }`,
    answer: nullFirst.map((isNull) => ({ OCCUPANCY_MAX: isNull ? 0 : busyMaximum }))
  }))
]

const roots: ReadonlyArray<Rule> = [
  {
    rule: "A5: _by_pk returns a row",
    ask: `query ($id: Int!) { r: ZONES_by_pk(ZONE_ID: $id) { ZONE_ID SITE { SITE_ID BUILDING { NAME } } } }`,
    variables: { id: 71101 },
    answer: { ZONE_ID: 71101, SITE: { SITE_ID: 100000711, BUILDING: { NAME: "DEMO" } } }
  },
  {
    rule: "A5: _by_pk returns null without a row",
    ask: `{ r: ZONES_by_pk(ZONE_ID: 1) { ZONE_ID } }`,
    answer: null
  },
  {
    rule: "A5: _by_pk requires every column of the key",
    ask: `{ r: ZONE_SET_by_pk(ZONE_SET_ID: 711, ZONE_ID: 71102) { NAME } }`,
    answer: { NAME: "Rooms of DEMO" }
  },
  {
    rule: "A5: _aggregate counts, sums and averages, and returns the rows",
    ask: `{ r: FLOORS_aggregate(where: {BUILDING_ID: {_eq: 71}}, order_by: {LEVEL: desc}) {
      aggregate { count buildings: count(columns: [BUILDING_ID], distinct: true) sum { LEVEL } avg { LEVEL } min { NAME }
        max { NAME LEVEL } stddev { LEVEL } variance { LEVEL } stddev_pop { LEVEL } var_samp { LEVEL } }
      nodes { LEVEL } } }`,
    answer: {
      aggregate: {
        count: 3,
        buildings: 1,
        sum: { LEVEL: 6 },
        avg: { LEVEL: 2 },
        min: { NAME: "Floor 1" },
        max: { NAME: "Floor 3", LEVEL: 3 },
        stddev: { LEVEL: 1 },
        variance: { LEVEL: 1 },
        stddev_pop: { LEVEL: 0.816496580927726 },
        var_samp: { LEVEL: 1 }
      },
      nodes: [{ LEVEL: 3 }, { LEVEL: 2 }, { LEVEL: 1 }]
    }
  },
  {
    rule: "A5: an average of integers is a float",
    ask: `{ r: FLOORS_aggregate(where: {LEVEL: {_lt: 3}, BUILDING_ID: {_eq: 71}}) { aggregate { avg { LEVEL } } } }`,
    answer: { aggregate: { avg: { LEVEL: 1.5 } } }
  },
  {
    rule: "A5: a count is at most the limit",
    ask: `{ r: ZONES_aggregate(limit: 5) { aggregate { count } } }`,
    answer: { aggregate: { count: 5 } }
  },
  {
    rule: "A5: sum, min and max of no rows are null",
    ask: `{ r: ZONES_aggregate(where: {_or: []}) { aggregate { count sum { CAPACITY } min { NAME } avg { CAPACITY } } nodes { NAME } } }`,
    answer: {
      aggregate: {
        count: 0,
        sum: { CAPACITY: null },
        min: { NAME: null },
        avg: { CAPACITY: null }
      },
      nodes: []
    }
  },
  {
    rule: "A5: an array relationship accepts where, order_by and limit, and aggregates",
    ask: `{ r: SITES_by_pk(SITE_ID: 100000711) {
      ZONES(where: {ZONE_TYPE: {_eq: "meeting_room"}}, order_by: {ZONE_ID: desc}, limit: 1) { ZONE_ID }
      ZONES_aggregate(where: {ZONE_TYPE: {_eq: "meeting_room"}}) { aggregate { count } } } }`,
    answer: { ZONES: ids(71103), ZONES_aggregate: { aggregate: { count: 2 } } }
  }
]

const values: ReadonlyArray<Rule> = [
  {
    rule: "A6: timestamptz has a numeric offset and no fraction, bigint is a number",
    ask: `{ r: ZONE_INSIGHTS(limit: 1, order_by: {ZONE_ID: asc}, where: {${night}}) { DATE_TIME_START PEOPLE_COUNT OCCUPANCY_POS_MEAN DATE_PARTITION } }`,
    answer: [
      {
        DATE_TIME_START: "2025-05-11T20:30:00+00:00",
        PEOPLE_COUNT: 0,
        OCCUPANCY_POS_MEAN: null,
        DATE_PARTITION: 20250512
      }
    ]
  }
]

const dist = `granularity: {_eq: "P1W"}, building_id: {_eq: 71}, date_time_start: {_eq: "2024-01-01T06:00:00Z"},
  group_id: {_like: "all-%"}`

/** A feature of v1: an object with the keys 1 to 7. */
const jsonb: ReadonlyArray<Rule> = [
  ...["$.eight", "eight", "$['8']", '[\\"8\\"]', "$[0]"].map((path) => ({
    rule: `A6: the path ${path} that leads nowhere gives null`,
    ask: `{ r: building_features(where: {${dist}}) { v: feature_value(path: "${path}") } }`,
    api: "v1" as const,
    answer: [{ v: null }]
  })),
  ...[
    '{_has_key: "7"}',
    '{_has_keys_any: ["7", "8"]}',
    '{_has_keys_all: ["1", "7"]}',
    "{_contains: {}}",
    '{_cast: {String: {_like: "{%"}}}'
  ].map((where) => ({
    rule: `A1: jsonb has ${where}`,
    ask: `{ r: building_features(where: {${dist}, feature_value: ${where}}) { building_id } }`,
    api: "v1" as const,
    answer: [{ building_id: 71 }]
  })),
  ...[
    '{_has_key: "8"}',
    '{_has_keys_all: ["1", "8"]}',
    "{_contained_in: {}}",
    '{_cast: {String: {_like: "["}}}'
  ].map((where) => ({
    rule: `A1: jsonb has ${where}, here without a row`,
    ask: `{ r: building_features(where: {${dist}, feature_value: ${where}}) { building_id } }`,
    api: "v1" as const,
    answer: []
  }))
]

export const answered: ReadonlyArray<Rule> = [
  ...comparisons,
  ...logic,
  ...ordered,
  ...roots,
  ...values,
  ...jsonb
]

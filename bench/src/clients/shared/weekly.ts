/**
 * The vendor's documented query as text, for clients without a query builder, and the response to
 * it.
 */

export const document =
  'query weekly($building: Int!, $group: String!, $start: timestamptz!, $end: timestamptz!) { building_features(where: {_and: [{building_id: {_eq: $building}}, {feature_name: {_eq: "weekly_frequency_dist"}}, {granularity: {_eq: "P1W"}}, {group_id: {_eq: $group}}, {date_time_start: {_gte: $start, _lt: $end}}]}) { feature_value date_time_start } }'

export const group = "all-e707b3a8-0732-49ae-9156-13ff1138540e"

export const start = "2024-01-01T06:00:00Z"

export const end = "2024-01-08T06:00:00Z"

export const variables = (building: number) => ({ building, group, start, end })

export const bodyFor = (building: number): string =>
  JSON.stringify({ query: document, operationName: "weekly", variables: variables(building) })

/** The query in the form that genql accepts. */
export const selection = (building: number) => ({
  building_features: {
    __args: {
      where: {
        _and: [
          { building_id: { _eq: building } },
          { feature_name: { _eq: "weekly_frequency_dist" } },
          { granularity: { _eq: "P1W" } },
          { group_id: { _eq: group } },
          { date_time_start: { _gte: start, _lt: end } }
        ]
      }
    },
    feature_value: true,
    date_time_start: true
  }
})

export const answerRows = [
  {
    feature_value: { 1: 63, 2: 62, 3: 63, 4: 61, 5: 0, 6: 4, 7: 1 },
    date_time_start: "2024-01-01T06:00:00+00:00"
  }
]

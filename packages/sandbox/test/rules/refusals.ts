import { zones } from "./answers.js"

/** The error that a rule requires: Hasura's code, and the path and message if they matter. */
interface Refusal {
  readonly rule: string
  readonly ask: string
  readonly code: string
  readonly says: string
  readonly variables?: unknown
}

export const refusals: ReadonlyArray<Refusal> = [
  {
    rule: "A1: there is no _ne",
    ask: `{ ${zones("where: {NAME: {_ne: 1}}")} }`,
    code: "validation-failed",
    says: "field '_ne' not found in type: 'String_comparison_exp'"
  },
  {
    rule: "A1: numbers have no text operators",
    ask: `{ ${zones(`where: {ZONE_ID: {_like: "7%"}}`)} }`,
    code: "validation-failed",
    says: "field '_like' not found in type: 'Int_comparison_exp'"
  },
  {
    rule: "A1: a number for a text column is refused",
    ask: `{ ${zones("where: {NAME: {_eq: 1}}")} }`,
    code: "parse-failed",
    says: "expected String"
  },
  {
    rule: "A1: a fraction for an integer column is refused",
    ask: `{ ${zones("where: {ZONE_ID: {_eq: 1.5}}")} }`,
    code: "parse-failed",
    says: "lies outside the bounds or is not an integer"
  },
  {
    rule: "A1: a bad string fails in the database",
    ask: `{ ${zones(`where: {ZONE_ID: {_eq: "x"}}`)} }`,
    code: "data-exception",
    says: "invalid input syntax for type integer"
  },
  {
    rule: "A1: a variable's type must match by name",
    ask: "query ($n: Int!) { r: ZONE_INSIGHTS(where: {PEOPLE_COUNT: {_eq: $n}}) { ZONE_ID } }",
    variables: { n: 1 },
    code: "validation-failed",
    says: "variable 'n' is declared as 'Int!', but used where 'bigint' is expected"
  },
  {
    rule: "A1: a nullable variable is refused where null is not allowed",
    ask: "query ($id: Int) { r: ZONES_by_pk(ZONE_ID: $id) { ZONE_ID } }",
    variables: { id: 1 },
    code: "validation-failed",
    says: "variable 'id' is declared as 'Int', but used where 'Int!' is expected"
  },
  {
    rule: "A1: a variable that is sent and not used is refused",
    ask: `{ ${zones("limit: 1")} }`,
    variables: { x: 1 },
    code: "validation-failed",
    says: "unexpected variables in variableValues: x"
  },
  {
    rule: "A2: an aggregate predicate of nothing is refused",
    ask: "{ r: SITES(where: {ZONES_aggregate: {}}) { SITE_ID } }",
    code: "validation-failed",
    says: "exactly one predicate should be specified"
  },
  {
    rule: "A3: null is not a value to compare with",
    ask: `{ ${zones("where: {ZONE_ID: {_eq: null}}")} }`,
    code: "validation-failed",
    says: "unexpected null value for type 'Int'"
  },
  {
    rule: "A3: a nullable variable that is not sent is null",
    ask: `query ($id: Int) { ${zones("where: {ZONE_ID: {_eq: $id}}")} }`,
    code: "validation-failed",
    says: "unexpected null value for type 'Int'"
  },
  {
    rule: "A3: _is_null: null is refused",
    ask: `{ ${zones("where: {ZONE_ID: {_is_null: null}}")} }`,
    code: "validation-failed",
    says: "expected a boolean for type 'Boolean', but found null"
  },
  {
    rule: "A3: null for a non-null variable is refused",
    ask: `query ($id: Int!) { ${zones("where: {ZONE_ID: {_eq: $id}}")} }`,
    variables: { id: null },
    code: "validation-failed",
    says: "null value found for non-nullable type"
  },
  {
    rule: "A4: a negative limit is refused",
    ask: `{ ${zones("limit: -1")} }`,
    code: "validation-failed",
    says: "expected a non-negative 32-bit integer"
  },
  {
    rule: "A4: a negative offset fails in the database",
    ask: `{ ${zones("offset: -1")} }`,
    code: "data-exception",
    says: "OFFSET must not be negative"
  },
  {
    rule: "A4: distinct_on must be the first columns of the order",
    ask: "{ r: ZONES(distinct_on: [ZONE_TYPE], order_by: [{SITE: {NAME: asc}}]) { ZONE_ID } }",
    code: "validation-failed",
    says: "columns must match initial"
  },
  {
    rule: "A4: an array relationship is not an order",
    ask: "{ r: SITES(order_by: {ZONES: {NAME: asc}}) { SITE_ID } }",
    code: "validation-failed",
    says: "field 'ZONES' not found in type: 'SITES_order_by'"
  },
  {
    rule: "A5: _by_pk requires its key",
    ask: "{ r: ZONE_SET_by_pk(ZONE_ID: 1) { NAME } }",
    code: "validation-failed",
    says: "missing required field 'ZONE_SET_ID'"
  },
  {
    rule: "A5: a table without a key has no _by_pk",
    ask: "{ r: ZONE_INSIGHTS_by_pk(ZONE_ID: 1) { ZONE_ID } }",
    code: "validation-failed",
    says: "field 'ZONE_INSIGHTS_by_pk' not found in type: 'query_root'"
  },
  {
    rule: "A5: text cannot be summed",
    ask: "{ r: ZONES_aggregate { aggregate { sum { NAME } } } }",
    code: "validation-failed",
    says: "field 'NAME' not found in type: 'ZONES_sum_fields'"
  },
  {
    rule: "A5: an unknown argument is refused",
    ask: "{ r: ZONES(first: 1) { ZONE_ID } }",
    code: "validation-failed",
    says: "'ZONES' has no argument named 'first'"
  },
  {
    rule: "A5: subscriptions need a WebSocket",
    ask: "subscription { r: ZONES { ZONE_ID } }",
    code: "unexpected-payload",
    says: "subscriptions are not supported over HTTP"
  }
]

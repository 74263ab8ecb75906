/**
 * Tests the first steps that the vendor documents: a token with curl and with Python's library
 * requests, and a query.
 *
 * The code comes from the vendor's pages. Only the host is different; the fields, encodings and
 * headers are the same. The test with Python needs the library requests (python3-requests on
 * Debian), and is skipped without it. Its token request is also a case of the login tests.
 */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { assert, layer } from "@effect/vitest"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { endpoints } from "../support/client.js"
import { startTimeout } from "../support/startTimeout.js"

const run = promisify(execFile)

const exists = async (command: string, options: ReadonlyArray<string>): Promise<boolean> =>
  run(command, [...options]).then(
    () => true,
    () => false
  )

const hasCurl = await exists("curl", ["--version"])
const hasRequests = await exists("python3", ["-c", "import requests"])

const execute = (command: string, options: ReadonlyArray<string>) =>
  Effect.promise(async (): Promise<unknown> => {
    const { stdout } = await run(command, [...options])
    return JSON.parse(stdout)
  })

const weekly = `query sample_graphql {
  data: building_features(
    where: {_and: [
      {building_id: {_eq: 71}},
      {feature_name: {_eq: "weekly_frequency_dist"}},
      {granularity: {_eq: "P1W"}},
      {group_id: {_eq: "all-e707b3a8-0732-49ae-9156-13ff1138540e"}},
      {date_time_start: {_gte: "2024-01-01T06:00:00.000Z", _lt: "2024-01-08T06:00:00.000Z"}}
    ]}
  ) {
    feature_value
    date_time_start
  }
}`

const hourly = `query sample_graphql {
  BUILDING_INSIGHTS(
    where: {
      DATE_PARTITION: {_eq: 20250501},
      BUILDING_ID: {_eq: 71},
      GRANULARITY: {_eq: "PT1H"},
      GROUP_ID: {_eq: "all-e707b3a8-0732-49ae-9156-13ff1138540e"},
      SITE_ID: {_eq: 900000222}
    },
    order_by: {DATE_TIME_START: desc}
  ) {
    BUILDING_ID
    DATE_TIME_START
    OCCUPANCY_MEAN
    GRANULARITY
    GROUP_ID
    SITE_ID
  }
}`

const bodyOf = (query: string) =>
  JSON.stringify({ operationName: "sample_graphql", variables: {}, query })

/**
 * Gets the token with the library requests, as on the vendor's page for v1: the body is a form, and
 * the header says that it is JSON.
 */
const python = `
import json, sys, requests
token_url, api_url, client_id, client_secret, query = sys.argv[1:]
token = requests.post(
    token_url,
    data={"client_id": client_id, "client_secret": client_secret},
    headers={"Content-Type": "application/json"},
).json()["access_token"]
answer = requests.post(
    api_url,
    json={"operationName": "sample_graphql", "variables": {}, "query": query},
    headers={"Accept": "application/json", "Authorization": "Bearer " + token},
)
print(json.dumps(answer.json()))
`

const at = (value: unknown, ...keys: ReadonlyArray<string>): unknown =>
  keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? Object.entries(inner).find(([name]) => name === key)?.[1]
        : undefined,
    value
  )

const rowCount = (value: unknown): number => (Array.isArray(value) ? value.length : 0)

layer(Sandbox.layer(), { timeout: startTimeout })("the vendor's first steps", (it) => {
  it.effect.skipIf(!hasCurl)(
    "curl gets a token of v1.5 with a form and sends the query of v1.5",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const { graphql, token } = endpoints(sandbox)["v1.5"]
        const secret = Redacted.value(sandbox.clientSecret)
        const granted = yield* execute("curl", [
          ...["--silent", "--request", "POST", token],
          ...["--header", "Content-Type: application/x-www-form-urlencoded"],
          ...["--data", `client_id=${sandbox.clientId}&client_secret=${secret}`]
        ])
        const answer = yield* execute("curl", [
          ...["--silent", "--request", "POST", graphql],
          ...["--header", "Content-Type: application/json"],
          ...["--header", `Authorization: Bearer ${at(granted, "oauth_token", "access_token")}`],
          ...["--data", bodyOf(hourly)]
        ])
        assert.strictEqual(rowCount(at(answer, "data", "BUILDING_INSIGHTS")), 24)
      })
  )

  it.effect.skipIf(!hasRequests)(
    "Python's requests gets a token of v1 and the documented week",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.Sandbox
        const { graphql, token } = endpoints(sandbox).v1
        const answer = yield* execute("python3", [
          ...["-c", python, token, graphql],
          ...[sandbox.clientId, Redacted.value(sandbox.clientSecret), weekly]
        ])
        assert.strictEqual(rowCount(at(answer, "data", "data")), 1)
      })
  )
})

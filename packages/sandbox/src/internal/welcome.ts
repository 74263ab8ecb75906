import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import type { Person, Service } from "../Sandbox.js"

/** The query that the vendor documents for v1. */
const documentedQuery = `query sample_graphql {
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

const personLine = ({ buildingIds, password, username }: Person): string =>
  `  ${username.padEnd(18)}${Redacted.value(password).padEnd(17)}` +
  `can read ${buildingIds === null ? "every building" : `building ${buildingIds.join(", ")}`}`

/**
 * The output of the command when the sandbox listens. It contains addresses, credentials, the time
 * of the clock, and two commands to try.
 */
export const welcome = (
  { clientId, clientSecret, signIn, urls }: Service,
  now: DateTime.Utc
): string => {
  const secret = Redacted.value(clientSecret)
  const body = JSON.stringify({
    operationName: "sample_graphql",
    variables: {},
    query: documentedQuery.replace(/\s+/g, " ")
  })
  return `The InnerSpace metrics API, on localhost

  v1             ${urls.v1}
  v1.5           ${urls["v1.5"]}
  v2             ${urls.v2}
  client id      ${clientId}
  client secret  ${secret}
  clock          ${DateTime.formatIso(now)}, and the nights before it are published

People sign in for an app:

  issuer         ${urls.login}/
  single page    ${signIn.clientId}, without a secret
  native         ${signIn.nativeClientId}, without a secret
  web app        ${signIn.web.clientId}, with the secret ${Redacted.value(signIn.web.clientSecret)}
  audience       ${signIn.audience}
  callbacks      any address of localhost, 127.0.0.1 or [::1], on any port
${Object.values(signIn.people).map(personLine).join("\n")}

A token for v1:

  curl -s ${urls.v1}/api/rest/oauth/token -d 'client_id=${clientId}&client_secret=${secret}'

The query that the vendor documents, with the token in TOKEN:

  curl -s ${urls.v1} -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${body}'

Stop it with Ctrl+C.`
}

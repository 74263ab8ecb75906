// A program on a server that uses the page's client and does not close the client. The argument of
// the program is the port of the API.
import { BrowserTokenProvider } from "@innerspace-metrics/browser-adapter"
import { createMetricsClient } from "@innerspace-metrics/browser-adapter/promise"
import * as Api from "@innerspace-metrics/core/Api"
import * as Schema from "effect/Schema"

const api = Api.withBaseUrl(Api.v1, `http://127.0.0.1:${process.argv[2]}`)
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url")
// Tabs share a token that names a person, as this token does.
const jwt = `${part({ alg: "none" })}.${part({ sub: "mara", iat: 1, exp: 3601 })}.c2ln`
const metrics = createMetricsClient({
  api: Api.withoutDeprecationWarning(api),
  token: BrowserTokenProvider.fromCallback(async () => jwt)
})
const { __typename } = await metrics.execute({
  document: "query { __typename }",
  schema: Schema.Struct({ __typename: Schema.String })
})
console.log(__typename)

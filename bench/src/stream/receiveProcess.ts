/**
 * Receives responses with as many rows as the pages of a stream, and reads none of the rows. This
 * is the least work that a client on undici can do.
 */
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Query from "@innerspace-metrics/core/Query"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Agent, request } from "undici"
import { type Result, Task } from "./messages.js"
import { pagesOf, rowsOf } from "./zones.js"

/** An agent without a limit of connections. This program uses one connection at a time. */
const agent = new Agent()

const post = async (url: string, headers: { readonly [name: string]: string }, body: object) => {
  const response = await request(url, {
    dispatcher: agent,
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body)
  })
  if (response.statusCode !== 200) throw new Error(await response.body.text())
  return response.body
}

const sessionOf = async ({ clientId, clientSecret, url }: Task["address"]): Promise<string> => {
  const body = await post(
    new URL("/v2/oauth/token", url).href,
    {},
    {
      client_id: clientId,
      client_secret: clientSecret,
      audience: "https://global-config.innerspace.io",
      grant_type: "client_credentials"
    }
  )
  return Schema.decodeUnknownSync(Session)(await body.json()).session_id
}

const Session = Schema.Struct({ session_id: Schema.String })

const run = async (): Promise<Result> => {
  const { address, days } = Schema.decodeUnknownSync(Schema.parseJson(Task))(process.argv[2])
  const session = await sessionOf(address)
  const startedAt = performance.now()
  const before = process.cpuUsage()
  let bytes = 0
  for (const page of pagesOf(days)) {
    const operation = Effect.runSync(QueryBuilder.build(Query.raw(page)))
    const body = await post(
      new URL("/v2/api", address.url).href,
      { "x-session-id": session },
      { query: Operation.toText(operation), variables: operation.variables }
    )
    for await (const chunk of body) bytes += chunk.length
  }
  const { system, user } = process.cpuUsage(before)
  // A row has more than 100 bytes.
  if (bytes < 100 * rowsOf(days)) throw new Error(`Only ${bytes} bytes arrived`)
  await agent.close()
  return {
    rows: rowsOf(days),
    seconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: (system + user) / 1e6,
    peakResident: process.resourceUsage().maxRSS * 1024,
    samples: []
  }
}

run().then(
  (result) => process.send?.(result),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  }
)

import type { Sandbox } from "@innerspace-metrics/sandbox"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** An HTTP response with its whole body. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

/**
 * Sends one request with Node's fetch, without the project's client, because the sandbox must work
 * with any client.
 */
export const request = (url: string, init: RequestInit = {}): Effect.Effect<Answer, Error> =>
  Effect.tryPromise({
    try: async (signal) => {
      const response = await fetch(url, { ...init, signal })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: parse(text) }
    },
    catch: (error) => (error instanceof Error ? error : new Error(String(error)))
  })

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const post = (
  url: string,
  value: unknown,
  headers: Record<string, string> = {}
): Effect.Effect<Answer, Error> =>
  request(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value)
  })

export const credentials = (sandbox: Sandbox.Service) => ({
  client_id: sandbox.clientId,
  client_secret: Redacted.value(sandbox.clientSecret)
})

export const audience = "https://global-config.innerspace.io"

/** The URLs of each generation for token requests and operations. */
export const endpoints = (sandbox: Sandbox.Service) => ({
  v1: { token: `${sandbox.urls.v1}/api/rest/oauth/token`, graphql: `${sandbox.urls.v1}/` },
  "v1.5": {
    token: `${sandbox.urls["v1.5"]}/api/rest/oauth/token`,
    graphql: `${sandbox.urls["v1.5"]}/`
  },
  v2: { token: `${sandbox.urls.v2}/v2/oauth/token`, graphql: `${sandbox.urls.v2}/v2/api` }
})

const Access = Schema.Struct({ access_token: Schema.String })

/** Logs in to a generation, and returns the header with the new credential. */
export const authorize = (
  sandbox: Sandbox.Service,
  api: Sandbox.ApiName
): Effect.Effect<Record<string, string>, Error> =>
  Effect.gen(function* () {
    const body = { ...credentials(sandbox), ...(api === "v2" ? { audience } : {}) }
    const { json } = yield* post(endpoints(sandbox)[api].token, body)
    switch (api) {
      case "v1": {
        const { access_token } = yield* Schema.decodeUnknown(Access)(json)
        return { authorization: `Bearer ${access_token}` }
      }
      case "v1.5": {
        const decoded = yield* Schema.decodeUnknown(Schema.Struct({ oauth_token: Access }))(json)
        return { authorization: `Bearer ${decoded.oauth_token.access_token}` }
      }
      case "v2": {
        const Session = Schema.Struct({ session_id: Schema.String })
        const { session_id } = yield* Schema.decodeUnknown(Session)(json)
        return { "x-session-id": session_id }
      }
    }
  })

/** Logs in and sends one operation. */
export const query = (
  sandbox: Sandbox.Service,
  text: string,
  options: {
    readonly api?: Sandbox.ApiName
    readonly variables?: unknown
    readonly operationName?: string
  } = {}
): Effect.Effect<Answer, Error> =>
  Effect.gen(function* () {
    const { api = "v1", operationName, variables } = options
    const headers = yield* authorize(sandbox, api)
    return yield* post(
      endpoints(sandbox)[api].graphql,
      { query: text, operationName, variables },
      headers
    )
  })

/**
 * Sends a query, and returns `data.rows`. In these tests, `rows` is the alias of the root field.
 */
export const rows = (
  sandbox: Sandbox.Service,
  text: string,
  options?: Parameters<typeof query>[2]
): Effect.Effect<ReadonlyArray<Readonly<Record<string, unknown>>>, Error> =>
  Effect.flatMap(query(sandbox, text, options), (answer) =>
    Schema.decodeUnknown(Rows)(answer.json).pipe(
      Effect.map((decoded) => decoded.data.rows),
      Effect.mapError(() => new Error(`no rows: ${answer.text}`))
    )
  )

const Rows = Schema.Struct({
  data: Schema.Struct({
    rows: Schema.Array(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
  })
})

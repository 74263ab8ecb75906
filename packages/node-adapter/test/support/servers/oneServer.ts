/**
 * Runs a server with both endpoints, for responses that the sandbox cannot make, and a promise
 * client of this server.
 */

import * as RetryPolicy from "@innerspace-metrics/core/RetryPolicy"
import { createMetricsClient, type Options } from "@innerspace-metrics/node-adapter/promise"
import * as Effect from "effect/Effect"
import { listen } from "./httpServer.js"

export interface GivenAnswer {
  readonly status?: number
  readonly type?: string
  readonly body: string
}

/** The response of each endpoint. By default, these are a token and no data. */
export interface Answers {
  readonly token?: GivenAnswer
  readonly data?: GivenAnswer
  /** The response to all queries after the first query. */
  readonly later?: GivenAnswer
}

export const oneServer = Effect.gen(function* () {
  let answers: Answers = {}
  const server = yield* listen((request, response) => {
    request.resume().on("end", () => {
      const isToken = request.url?.includes("token") === true
      const given = isToken ? answers.token : answers.data
      if (!isToken && answers.later !== undefined) answers = { ...answers, data: answers.later }
      const body =
        given?.body ??
        (isToken
          ? JSON.stringify({ access_token: "token-1", session_id: "token-1", expires_in: 3_600 })
          : JSON.stringify({ data: { t: [] } }))
      response.writeHead(given?.status ?? 200, {
        "content-type": given?.type ?? "application/json"
      })
      response.end(body)
    })
  })
  const client = (options: Options = {}) =>
    Effect.acquireRelease(
      Effect.sync(() =>
        createMetricsClient({
          clientId: "id",
          clientSecret: "s3cret-of-the-client",
          baseUrl: server.url,
          retry: RetryPolicy.none,
          token: { retry: RetryPolicy.none },
          ...options
        })
      ),
      (client) => Effect.promise(() => client.close())
    )
  return {
    url: server.url,
    answer: (given: Answers) => {
      answers = given
    },
    client
  }
})

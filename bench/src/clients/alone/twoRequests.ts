/**
 * Sends a token request and a query with Effect and the agent of undici, and does nothing else. A
 * client that obtains its token sends these requests before it has rows.
 */
import * as Effect from "effect/Effect"
import Agent from "undici/lib/dispatcher/agent.js"
import { headers, type Open } from "../shared/client.js"
import { bodyFor } from "../shared/weekly.js"

export const open: Open = (url) => {
  const agent = new Agent()
  const { origin, pathname } = new URL(url)
  const post = (path: string, body: string) =>
    Effect.async<unknown, Error>((resume) => {
      let text = ""
      agent.dispatch(
        { origin, path, method: "POST", headers, body },
        {
          onRequestStart: () => {},
          onResponseStart: () => {},
          onResponseData: (_controller, chunk) => {
            text += chunk.toString()
          },
          onResponseEnd: () => resume(Effect.succeed(JSON.parse(text))),
          onResponseError: (_controller, error) => resume(Effect.fail(error))
        }
      )
    })
  const credentials = JSON.stringify({ client_id: "measurement", client_secret: "measurement" })
  return () =>
    Effect.runPromise(
      Effect.asVoid(
        Effect.zipRight(post("/api/rest/oauth/token", credentials), post(pathname, bodyFor(1)))
      )
    )
}

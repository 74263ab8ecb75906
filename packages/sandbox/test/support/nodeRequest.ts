import type { Agent, IncomingHttpHeaders } from "node:http"
import { request as httpRequest } from "node:http"
import * as Effect from "effect/Effect"

/**
 * An HTTP response as the server sent it. The body is not decoded, and redirects are not followed.
 */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
}

/** A failed request: the error code of Node, and the bytes that had arrived. */
export interface Broken {
  readonly _tag: "Broken"
  readonly code: string
  readonly received: number
}

/**
 * Sends one POST request with the HTTP client of Node. This client shows details that fetch hides:
 * compressed bytes, half of a body, and the code of an error.
 */
export const rawPost = (
  url: string,
  value: unknown,
  options: {
    readonly headers?: Readonly<Record<string, string>>
    readonly agent?: Agent | false
  } = {}
): Effect.Effect<RawAnswer, Broken> =>
  Effect.async((resume) => {
    let received = 0
    const broken = (error: NodeJS.ErrnoException) =>
      resume(Effect.fail({ _tag: "Broken", code: error.code ?? error.message, received }))
    const message = httpRequest(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...options.headers },
      agent: options.agent ?? false
    })
    message.on("response", (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => {
        received += chunk.length
        chunks.push(chunk)
      })
      response.on("error", broken)
      response.on("end", () =>
        resume(
          Effect.succeed({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes: Buffer.concat(chunks)
          })
        )
      )
    })
    message.on("error", broken)
    message.end(JSON.stringify(value))
    return Effect.sync(() => message.destroy())
  })

import * as Effect from "effect/Effect"

/** A body in chunks. Each chunk is sent after the client has read the previous chunk. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/**
 * An HTTP response. The header `Content-Length` is sent, unless the body is in chunks of unknown
 * size.
 */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | Array<string>>>
  readonly body: string | Pieces
  /** The size in bytes of a body in chunks, if it is known. */
  readonly size?: number
}

/** The whole body as one text. */
export const whole = (body: Answer["body"]): Effect.Effect<string> =>
  typeof body === "string"
    ? Effect.succeed(body)
    : Effect.promise(async () => {
        const pieces: Array<Buffer> = []
        for await (const piece of body) pieces.push(Buffer.from(piece))
        return Buffer.concat(pieces).toString()
      })

export const json = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {}
): Answer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(value)
})

export const empty = (status: number): Answer => ({ status, headers: {}, body: "" })

import * as Effect from "effect/Effect"

/** A body that is sent piece by piece, each when the client has taken the one before. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/**
 * An HTTP answer. It gets `Content-Length` when it is sent, unless its body comes in pieces whose
 * size is not known.
 */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | Array<string>>>
  readonly body: string | Pieces
  /** How many bytes a body in pieces has. */
  readonly size?: number
}

/** A body as one text. */
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

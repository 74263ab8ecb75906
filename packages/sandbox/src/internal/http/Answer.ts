/**
 * An HTTP answer. `Content-Length` is added when it is sent, unless the body comes in pieces: these are made one by one, as
 * fast as the client takes them.
 */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | Array<string>>>
  readonly body: string | Iterable<string>
}

/** A body as one text. */
export const whole = (body: Answer["body"]): string =>
  typeof body === "string" ? body : [...body].join("")

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

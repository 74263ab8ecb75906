/**
 * The queue of requests that wait for a connection. It replaces undici's own queue.
 *
 * undici does not report that a request waits, so the wait would count towards the time limit of
 * the server's response. undici also keeps cancelled requests in its queue.
 */
import type { Dispatcher } from "undici/index.js"

/**
 * Called when a request starts to wait. The returned function is called when the request is sent.
 */
type OnWait = () => () => void

/**
 * Sends a request when its turn comes. The returned function removes the request from the queue.
 */
export type DispatchInTurn = (
  onWait: OnWait | undefined,
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler
) => () => void

/** Allows at most `limit` requests in flight to each origin, first come, first served. */
export const inTurn = (dispatcher: Dispatcher, limit: number): DispatchInTurn => {
  const lines = new Map<string, Line>()
  const lineOf = (origin: string) => {
    const line = lines.get(origin) ?? { free: limit, waiting: new Set(), isServing: false }
    lines.set(origin, line)
    return line
  }
  return (onWait, options, handler) => {
    const line = lineOf(String(options.origin))
    const send = () => {
      line.free--
      dispatcher.dispatch(options, new Leaving(handler, line))
    }
    if (line.free > 0) {
      send()
      return nothing
    }
    const onSent = onWait?.()
    const turn = () => {
      onSent?.()
      send()
    }
    line.waiting.add(turn)
    return () => line.waiting.delete(turn)
  }
}

interface Line {
  free: number
  readonly waiting: Set<() => void>
  isServing: boolean
}

const nothing = () => {}

const leave = (line: Line): void => {
  line.free++
  // After the dispatcher is destroyed, `turn` fails at once and calls this function again. With
  // thousands of waiting requests, these calls would overflow the stack, so an inner call returns
  // here.
  if (line.isServing) return
  line.isServing = true
  for (const turn of line.waiting) {
    if (line.free <= 0) break
    line.waiting.delete(turn)
    turn()
  }
  line.isServing = false
}

/**
 * Forwards all events, and lets the next request start when undici has finished this request.
 * undici finishes a cancelled request some time after the cancellation.
 */
class Leaving implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler
  readonly #line: Line

  constructor(handler: Dispatcher.DispatchHandler, line: Line) {
    this.#handler = handler
    this.#line = line
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#handler.onRequestStart?.(controller, context)
  }

  onResponseStart(...args: Args<"onResponseStart">): void {
    this.#handler.onResponseStart?.(...args)
  }

  onResponseData(...args: Args<"onResponseData">): void {
    this.#handler.onResponseData?.(...args)
  }

  onResponseEnd(...args: Args<"onResponseEnd">): void {
    this.#handler.onResponseEnd?.(...args)
    leave(this.#line)
  }

  onResponseError(...args: Args<"onResponseError">): void {
    this.#handler.onResponseError?.(...args)
    leave(this.#line)
  }
}

type Args<Name extends keyof Dispatcher.DispatchHandler> = Parameters<
  NonNullable<Dispatcher.DispatchHandler[Name]>
>

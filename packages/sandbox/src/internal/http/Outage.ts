import type { Server } from "node:http"
import * as Effect from "effect/Effect"
import { longestWait } from "./realTime.js"

/**
 * A server that goes offline for a while. Meanwhile it resets its connections and refuses new
 * connections.
 */
export interface Outage {
  readonly begin: (milliseconds: number) => void
  /** Listens again at once if the server is offline. */
  readonly end: Effect.Effect<void>
  /** Stops permanently. */
  readonly stop: Effect.Effect<void>
}

/** How long to wait if another process has taken the port meanwhile. */
const retryMilliseconds = 50

export const make = (server: Server, listenAgain: (done: () => void) => void): Outage => {
  let away: { readonly timer: NodeJS.Timeout; readonly closed: Promise<void> } | undefined
  let returning: Promise<void> = Promise.resolve()
  let stopped = false

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })

  const listen = (): Promise<void> =>
    new Promise((resolve) => {
      if (stopped) return resolve()
      const retry = (): void => {
        setTimeout(() => resolve(listen()), retryMilliseconds)
      }
      server.once("error", retry)
      listenAgain(() => {
        server.off("error", retry)
        resolve()
      })
    })

  const comeBack = (): Promise<void> => {
    if (away !== undefined) {
      const { closed, timer } = away
      clearTimeout(timer)
      away = undefined
      returning = closed.then(listen)
    }
    return returning
  }

  return {
    begin: (milliseconds) => {
      if (away !== undefined || stopped) return
      const timer = setTimeout(() => void comeBack(), Math.min(milliseconds, longestWait))
      away = { timer, closed: close() }
    },
    end: Effect.promise(comeBack),
    stop: Effect.promise(async () => {
      stopped = true
      clearTimeout(away?.timer)
      await returning
      await close()
    })
  }
}

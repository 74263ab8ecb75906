/**
 * A server between a page and the sandbox. It counts operations, can hold them, and notices aborted
 * requests.
 */
import { once } from "node:events"
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export interface Relay {
  readonly url: string
  /** The number of operations that have arrived since the last `forget`. */
  readonly operations: () => number
  /** Sets the number of operations to zero. */
  readonly forget: () => void
  /** Operations that arrive from now on wait until the returned function is called. */
  readonly hold: () => () => void
  /** Resolves when an operation has arrived. */
  readonly arrived: () => Promise<void>
  /** Resolves when the page has closed the connection of an operation that had no response. */
  readonly aborted: () => Promise<void>
  readonly close: () => Promise<void>
}

export const startRelay = async (target: string): Promise<Relay> => {
  let operations = 0
  let held = Promise.resolve()
  const events = new EventTarget()
  const next = (name: string) =>
    new Promise<void>((resolve) => {
      events.addEventListener(name, () => resolve(), { once: true })
    })

  const forward = async (incoming: IncomingMessage, response: ServerResponse) => {
    response.on("close", () => {
      if (!response.writableEnded) events.dispatchEvent(new Event("aborted"))
    })
    // Token requests of a server use another path.
    if (incoming.method === "POST" && incoming.url === "/") {
      operations++
      events.dispatchEvent(new Event("arrived"))
      await held
    }
    const { headers, method } = incoming
    const outgoing = request(new URL(incoming.url ?? "/", target), {
      headers,
      method: method ?? ""
    })
    outgoing.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on("error", () => response.destroy())
    incoming.pipe(outgoing)
  }

  const server = createServer((incoming, response) => void forward(incoming, response))
  server.listen(0, "localhost")
  await once(server, "listening")
  // The server listens on a port, so its address is an object with a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}`,
    operations: () => operations,
    forget: () => {
      operations = 0
    },
    hold: () => {
      let release = () => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    arrived: () => next("arrived"),
    aborted: () => next("aborted"),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}

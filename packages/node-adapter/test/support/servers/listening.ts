/** Makes the server of a test listen on a port of loopback until the scope closes. */
import type { AddressInfo, Server, Socket } from "node:net"
import * as Effect from "effect/Effect"

/** Starts to listen, and returns the port. At the end, open sockets are closed too. */
export const listening = (server: Server, sockets: Iterable<Socket>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<void>((resume) => {
        server.listen(0, "127.0.0.1", () => resume(Effect.void))
      }),
      () =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          for (const socket of sockets) socket.destroy()
        })
    ),
    // A server on a port has an AddressInfo. Other types of address belong to pipes and closed
    // servers.
    () => (server.address() as AddressInfo).port
  )

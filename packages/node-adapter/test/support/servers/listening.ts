/** A server of a test on a port of loopback, until the scope ends. */
import type { AddressInfo, Server, Socket } from "node:net"
import * as Effect from "effect/Effect"

/** Returns its port. Sockets that are open at the end are closed with it. */
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

// Runs the checks in workerd, within one request. /call is a request of its own, with a client that
// all requests share.

import { runChecks } from "../checks/index.mjs"
import { oneDay } from "../checks/queries.mjs"
import { serverHost } from "./server.mjs"

const host = serverHost(() => ({}))
let shared

export default {
  async fetch(request) {
    const settings = await request.json()
    if (new URL(request.url).pathname !== "/call") {
      return Response.json(await runChecks({ host, settings }))
    }
    shared ??= host.client(settings, {})
    try {
      return Response.json({ rows: (await shared.query(oneDay)).length })
    } catch (error) {
      return Response.json({ error: String(error) }, { status: 500 })
    }
  }
}

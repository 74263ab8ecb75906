// Runs the checks in workerd, within one request.

import { runChecks } from "../checks/index.mjs"
import { serverHost } from "./server.mjs"

export default {
  async fetch(request) {
    const settings = await request.json()
    return Response.json(await runChecks({ host: serverHost(() => ({})), settings }))
  }
}

/**
 * The parts of undici that the wired client uses. `undici/index.js` also loads its `fetch`,
 * WebSocket, caches and mocks, which take longer to load than Effect.
 *
 * undici has no `exports`, and these files have had their places since version 6.
 */
import type * as undici from "undici/index.js"
import api from "undici/lib/api/index.js"
import connect from "undici/lib/core/connect.js"
import agent from "undici/lib/dispatcher/agent.js"
import dispatcher from "undici/lib/dispatcher/dispatcher.js"
import pool from "undici/lib/dispatcher/pool.js"
import proxyAgent from "undici/lib/dispatcher/proxy-agent.js"

// As `undici/index.js` does: a tunnel through a proxy begins with `connect`.
Object.assign(dispatcher.prototype, api)

export const Agent: typeof undici.Agent = agent

export const Pool: typeof undici.Pool = pool

export const ProxyAgent: typeof undici.ProxyAgent = proxyAgent

export const buildConnector: typeof undici.buildConnector = connect

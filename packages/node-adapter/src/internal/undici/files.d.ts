/**
 * The types of single files of undici. undici's main module also loads its fetch, its WebSocket and
 * its mocks, which take longer than the files that a client needs. Measure it with `npm run bench
 * -- coldStart`. The files have these names in undici 6, 7 and 8.
 */
declare module "undici/lib/dispatcher/agent.js" {
  export { Agent as default } from "undici/index.js"
}

declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici/index.js"
}

declare module "undici/lib/dispatcher/proxy-agent.js" {
  export { ProxyAgent as default } from "undici/index.js"
}

declare module "undici/lib/api/api-connect.js" {
  const connect: import("undici/index.js").Dispatcher["connect"]
  export default connect
}

declare module "undici/lib/core/connect.js" {
  export { buildConnector as default } from "undici/index.js"
}

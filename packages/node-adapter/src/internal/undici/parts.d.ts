/** undici declares its types for its index only. */

declare module "undici/lib/api/index.js" {
  const api: object
  export default api
}

declare module "undici/lib/core/connect.js" {
  import { buildConnector } from "undici/index.js"
  export default buildConnector
}

declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici/index.js"
  export default Agent
}

declare module "undici/lib/dispatcher/dispatcher.js" {
  import { Dispatcher } from "undici/index.js"
  export default Dispatcher
}

declare module "undici/lib/dispatcher/pool.js" {
  import { Pool } from "undici/index.js"
  export default Pool
}

declare module "undici/lib/dispatcher/proxy-agent.js" {
  import { ProxyAgent } from "undici/index.js"
  export default ProxyAgent
}

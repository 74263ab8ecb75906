/** Types for an import of one module of undici. undici declares types only for its index. */
declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici"
  export default Agent
}

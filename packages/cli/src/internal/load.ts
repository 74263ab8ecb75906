/** The module of each command. Only the module of the command that runs is loaded. */
import type { CommandModule } from "./frame/command.js"

const modules: { readonly [command: string]: () => Promise<CommandModule> } = {
  login: () => import("./commands/login.js"),
  logout: () => import("./commands/logout.js"),
  whoami: () => import("./commands/whoami.js"),
  tables: () => import("./commands/tables.js"),
  metrics: () => import("./commands/metrics.js"),
  places: () => import("./commands/places.js"),
  query: () => import("./commands/query.js"),
  export: () => import("./commands/export.js"),
  sync: () => import("./datasets/sync.js"),
  plan: () => import("./datasets/plan.js"),
  verify: () => import("./datasets/verify.js"),
  unlock: () => import("./datasets/unlock.js"),
  schema: () => import("./commands/schema.js"),
  doctor: () => import("./doctor/doctor.js"),
  sandbox: () => import("./commands/sandbox.js"),
  completion: () => import("./commands/completion.js")
}

export const load = (command: string): Promise<CommandModule> =>
  modules[command]?.() ?? Promise.reject(new Error(`There is no module of the command ${command}`))

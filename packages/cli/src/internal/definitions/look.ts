/** The options of commands that show which tables and metrics can be queried. */
import type { CommandDetails } from "./definition.js"
import { common, settings } from "./options.js"

export const tables: CommandDetails = {
  text: "Each column says how it is known: documented by the vendor, observed in a server's schema, or assumed.",
  options: [
    { flags: "--live", text: "read the tables from the server instead of the catalogue" },
    ...settings,
    ...common
  ],
  examples: [
    { text: "All tables", line: "innerspace tables" },
    { text: "The columns of one", line: "innerspace tables building_metrics" }
  ]
}

export const metrics: CommandDetails = {
  options: [...settings, ...common],
  examples: [
    { text: "All metrics", line: "innerspace metrics" },
    { text: "One of them", line: "innerspace metrics occupancy_mean" }
  ]
}

export const places: CommandDetails = {
  text: "v1 has no table of places: it lists the ids that have metrics. v1.5 and v2 also have names, time zones and capacities. The buildings are remembered for --zone and for completions.",
  options: [...settings, ...common],
  examples: [
    { text: "All buildings", line: "innerspace places --api v2" },
    { text: "The floors and zones of one", line: "innerspace places 71 --api v2" }
  ]
}

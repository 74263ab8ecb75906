/** Commands that show what there is to ask. */
import type { CommandDefinition } from "./definition.js"
import { common, settings } from "./options.js"

export const look: ReadonlyArray<CommandDefinition> = [
  {
    name: "tables",
    summary: "tables that can be queried, or the columns of one",
    details:
      "Each column says how it is known: documented by the vendor, observed in a server's schema, or assumed.",
    arguments: [
      { name: "table", text: "a table, to show its columns", isOptional: true, completed: "table" }
    ],
    options: [
      { flags: "--live", text: "read the tables from the server instead of the catalogue" },
      ...settings,
      ...common
    ],
    examples: [
      { text: "All tables", line: "innerspace tables" },
      { text: "The columns of one", line: "innerspace tables building_metrics" }
    ]
  },
  {
    name: "metrics",
    summary: "what each metric means, and how its values combine",
    arguments: [
      { name: "metric", text: "a metric, to show all of it", isOptional: true, completed: "metric" }
    ],
    options: [...settings, ...common],
    examples: [
      { text: "All metrics", line: "innerspace metrics" },
      { text: "One of them", line: "innerspace metrics occupancy_mean" }
    ]
  },
  {
    name: "places",
    summary: "buildings, floors and zones, with time zone and capacity",
    details:
      "v1 has no table of places: it lists the ids that have metrics. v1.5 and v2 also have names, time zones and capacities. The buildings are remembered for --zone and for completions.",
    arguments: [
      {
        name: "building",
        text: "a building id, to show its floors and zones",
        isOptional: true,
        completed: "building"
      }
    ],
    options: [...settings, ...common],
    examples: [
      { text: "All buildings", line: "innerspace places --api v2" },
      { text: "The floors and zones of one", line: "innerspace places 71 --api v2" }
    ]
  }
]

/** The options of commands that read rows. */
import type { CommandDetails } from "./definition.js"
import { common, progress, question, settings } from "./options.js"

export const query: CommandDetails = {
  text: "Names are checked before anything is sent. With --range, all rows are read, in windows and pages. Without --range, or with --limit or --order, one request reads at most 1000 rows, unless --limit sets another number. Rows are printed as a table on a terminal, and as CSV elsewhere.",
  options: [
    ...question,
    {
      flags: "--order <columns>",
      text: "columns to sort by, separated by commas; a minus in front of a column sorts it downwards",
      isRepeatable: true,
      completed: "column"
    },
    { flags: "-n, --limit <count>", text: "maximum number of rows" },
    {
      flags: "-f, --format <format>",
      text: "how the rows are printed",
      choices: ["table", "plot", "heatmap", "csv", "ndjson", "json", "parquet", "arrow"]
    },
    {
      flags: "--show <what>",
      text: "print the request instead of sending it",
      choices: ["graphql", "curl", "plan"]
    },
    progress,
    ...settings,
    ...common
  ],
  examples: [
    {
      text: "Hours of a day in a building",
      line: "innerspace query building_metrics --where building_id=71 --metric occupancy_mean --granularity PT1H --range 2024-03-05 --zone America/Chicago"
    },
    {
      text: "A month as a heat map of hours and days",
      line: "innerspace query building_metrics --where building_id=71 --metric occupancy_mean --granularity PT1H --range 2024-03 --zone America/Chicago --format heatmap"
    },
    {
      text: "Rooms that were full, as CSV",
      line: "innerspace query zone_metrics --where zone_id=71102,71103 --where 'metric_value>=10' --metric occupancy_max --granularity P1D --range 2024-03 --zone America/Chicago --format csv"
    },
    {
      text: "The request as the vendor writes it",
      line: "innerspace query building_metrics --where building_id=71 --metric occupancy_mean --granularity P1D --range 2024-W10 --zone America/Chicago --show graphql"
    }
  ]
}

export const exported: CommandDetails = {
  text: "The ending of the file name sets the format: .csv, .csv.gz, .ndjson, .ndjson.gz, .parquet, .arrow or .duckdb. The file is written completely or not at all. An existing file stays until the new one is complete.",
  options: [
    ...question,
    {
      flags: "-f, --format <format>",
      text: "format of the file, if the ending of its name does not say it",
      choices: ["csv", "ndjson", "parquet", "arrow", "duckdb"]
    },
    progress,
    ...settings,
    ...common
  ],
  examples: [
    {
      text: "A month of hours as Parquet",
      line: "innerspace export building_metrics march.parquet --where building_id=71 --metric occupancy_mean --granularity PT1H --range 2024-03 --zone America/Chicago"
    }
  ]
}

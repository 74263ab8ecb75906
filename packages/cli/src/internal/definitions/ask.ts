/** Commands that read rows. */
import type { CommandDetails } from "./definition.js"
import { common, progress, question, settings } from "./options.js"

export const query: CommandDetails = {
  text: "Names are checked before anything is sent. With a range, all rows are read, in windows and pages. Without one, or with --limit or --order, it is one request, of at most 1000 rows unless --limit says otherwise. On a terminal the rows are a table, and CSV elsewhere.",
  options: [
    ...question,
    {
      flags: "--order <columns>",
      text: "columns to sort by, separated by commas; a minus in front means downwards",
      isRepeatable: true,
      completed: "column"
    },
    { flags: "-n, --limit <count>", text: "the most rows" },
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
  text: "The format follows the name of the file: .csv, .csv.gz, .ndjson, .ndjson.gz, .parquet, .arrow, .duckdb. The file is complete, or it is not written: a file that was there before stays until then.",
  options: [
    ...question,
    {
      flags: "-f, --format <format>",
      text: "format of the file if its name does not say it",
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

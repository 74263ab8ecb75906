/** Commands that read rows. */
import type { CommandDefinition } from "./definition.js"
import { common, progress, question, settings } from "./options.js"

const table = {
  name: "table",
  text: "a table, see innerspace tables",
  completed: "table"
} as const

export const ask: ReadonlyArray<CommandDefinition> = [
  {
    name: "query",
    summary: "rows of one table, as a table, a plot or a heat map, or in a file format",
    details:
      "Names are checked before anything is sent. With a range, all rows are read, in windows and pages. Without one, or with --limit or --order, it is one request, of at most 1000 rows unless --limit says otherwise. On a terminal the rows are a table, and CSV elsewhere.",
    arguments: [table],
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
  },
  {
    name: "export",
    summary: "all rows of a range as one file: CSV, NDJSON, Parquet, Arrow or DuckDB",
    details:
      "The format follows the name of the file: .csv, .csv.gz, .ndjson, .ndjson.gz, .parquet, .arrow, .duckdb. The file is complete, or it is not written: a file that was there before stays until then.",
    arguments: [table, { name: "file", text: "the file to write", completed: "file" }],
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
]

/** The options of commands for datasets. */
import type { CommandDetails, OptionDefinition } from "./definition.js"
import {
  building,
  common,
  granularity,
  group,
  metric,
  progress,
  settings,
  unchecked,
  zone
} from "./options.js"

/** What a dataset holds. */
const contents: ReadonlyArray<OptionDefinition> = [
  {
    flags: "-t, --table <table>",
    text: "table; may be repeated",
    isRepeatable: true,
    completed: "table"
  },
  building,
  {
    flags: "-w, --where <filter>",
    text: "filter, applied to each table that has the column, such as zone_id=71101,71102; may be repeated",
    isRepeatable: true,
    completed: "filter"
  },
  {
    ...granularity,
    text: `${granularity.text}; may be repeated`,
    isRepeatable: true
  },
  metric,
  group,
  {
    flags: "--from <date>",
    text: "the first day, such as 2024-01-01; of a range such as 2024-01 or last-month, its first day"
  },
  zone,
  { flags: "--look-back <days>", text: "how many of the last days are read again (default 7)" },
  { flags: "--keep-months <count>", text: "how many months are kept (default all)" },
  unchecked
]

const refresh: ReadonlyArray<OptionDefinition> = [
  { flags: "--refresh <months>", text: "months to read again as a whole, such as 2024-03..2024-05" }
]

export const sync: CommandDetails = {
  text: "For the first sync, describe the dataset with options. They are written to the file DATASET.toml, so later syncs need only the name. Exit code 3 means that a table could not be read or, with --fail-on, that values were restated or periods are missing. If a sync is killed, the next one continues.\n\nA token from a client secret expires after a day, so cron needs INNERSPACE_CLIENT_SECRET, which a line of the crontab can set.",
  options: [
    ...contents,
    ...refresh,
    {
      flags: "--fail-on <what>",
      text: "end with exit code 3 if values were restated, or if periods are missing; may be repeated",
      isRepeatable: true,
      choices: ["restated", "missing"]
    },
    {
      flags: "--task <json>",
      text: "run only this task of innerspace plan; - reads it from stdin"
    },
    {
      flags: "--concurrency <count>",
      text: "how many parts of the dataset are read at a time (default 4)"
    },
    progress,
    ...settings,
    ...common
  ],
  examples: [
    {
      text: "The first time",
      line: "innerspace sync occupancy --table building_metrics --building 71 --granularity PT1H --metric occupancy_mean --from 2024-03-01 --zone America/Chicago"
    },
    {
      text: "Every night, with a failure if values were restated",
      line: "innerspace sync occupancy --fail-on restated"
    },
    {
      text: "In a crontab, below PATH=... and INNERSPACE_CLIENT_SECRET=..., with a mail if values were restated or the sync failed",
      line: "0 9 * * * cd /data && innerspace sync occupancy --fail-on restated > occupancy.txt || cat occupancy.txt"
    }
  ]
}

export const plan: CommandDetails = {
  text: "Nothing is sent. With --format ndjson, each line is a task for innerspace sync --task, which Airflow, Argo or xargs -P can run.",
  options: [
    ...contents,
    ...refresh,
    {
      flags: "-f, --format <format>",
      text: "how the tasks are printed",
      choices: ["table", "ndjson"]
    },
    ...settings,
    ...common
  ],
  examples: [
    {
      text: "Tasks of a dataset, one per line",
      line: "innerspace plan occupancy --format ndjson"
    }
  ]
}

export const verify: CommandDetails = {
  options: [
    ...contents,
    {
      flags: "--sample <count>",
      text: "how many parts of the dataset are compared with the API (default 0)"
    },
    ...settings,
    ...common
  ],
  examples: [
    {
      text: "Compare all files, and two parts with the API",
      line: "innerspace verify occupancy --sample 2"
    }
  ]
}

export const unlock: CommandDetails = {
  text: "Make sure that the process has ended: two processes that write a dataset damage it.",
  options: [...contents, ...settings, ...common],
  examples: [{ text: "After a crash", line: "innerspace unlock occupancy" }]
}

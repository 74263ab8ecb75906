/** Options that several commands have. */
import type { OptionDefinition } from "./definition.js"

/** Options of every command. */
export const common: ReadonlyArray<OptionDefinition> = [
  { flags: "--json", text: "print one JSON object with the result, or with the error" },
  { flags: "--no-color", text: "print without colors, as with the variable NO_COLOR" },
  { flags: "-q, --quiet", text: "print no warnings and no progress" }
]

/** Options of every command that reads settings. */
export const settings: ReadonlyArray<OptionDefinition> = [
  {
    flags: "--profile <name>",
    text: "profile of config.toml to use (INNERSPACE_PROFILE)",
    completed: "profile"
  },
  {
    flags: "--api <generation>",
    text: "generation of the API: v2, or v1 for old credentials (INNERSPACE_API; default v1)",
    choices: ["v1", "v1.5", "v2"]
  },
  { flags: "--base-url <url>", text: "address of the API (INNERSPACE_BASE_URL)" },
  { flags: "--client-id <id>", text: "client id (INNERSPACE_CLIENT_ID)" }
]

export const progress: OptionDefinition = {
  flags: "--progress <how>",
  text: "progress on stderr: auto is a bar on a terminal and nothing elsewhere",
  choices: ["auto", "bar", "json", "none"]
}

export const granularity: OptionDefinition = {
  flags: "-g, --granularity <period>",
  text: "length of the periods: a quarter hour, an hour, a day, a week or a month",
  choices: ["PT15M", "PT1H", "P1D", "P1W", "P1M"],
  words: {
    ...{ quarter: "PT15M", quarters: "PT15M" },
    ...{ hour: "PT1H", hours: "PT1H", hourly: "PT1H" },
    ...{ day: "P1D", days: "P1D", daily: "P1D" },
    ...{ week: "P1W", weeks: "P1W", weekly: "P1W" },
    ...{ month: "P1M", months: "P1M", monthly: "P1M" }
  }
}

export const zone: OptionDefinition = {
  flags: "--zone <zone>",
  text: "time zone of the dates, such as America/Chicago; by default the building's zone (INNERSPACE_ZONE)"
}

export const group: OptionDefinition = {
  flags: "--group <group>",
  text: "group of people: its id or name, or everyone (INNERSPACE_GROUP; default everyone)",
  isRepeatable: true,
  completed: "group"
}

export const metric: OptionDefinition = {
  flags: "--metric <name>",
  text: "metric or feature, see innerspace metrics; may be repeated",
  isRepeatable: true,
  completed: "metric"
}

export const unchecked: OptionDefinition = {
  flags: "--unchecked",
  text: "accept names of metrics that the catalogue does not know"
}

export const building: OptionDefinition = {
  flags: "-b, --building <id>",
  text: "building, see innerspace places; may be repeated",
  isRepeatable: true,
  completed: "building"
}

/** The options of commands that ask a question (see `question.ts`). */
export const question: ReadonlyArray<OptionDefinition> = [
  building,
  {
    flags: "-s, --select <columns>",
    text: "columns, separated by commas; by default all columns that the filters do not fix to one value",
    isRepeatable: true,
    completed: "column"
  },
  {
    flags: "-w, --where <filter>",
    text: "filter, such as building_id=71, building_id=71,72, 'metric_value>=10', name~Floor%; may be repeated",
    isRepeatable: true,
    completed: "filter"
  },
  {
    flags: "-r, --range <range>",
    text: "2024-W01, 2024-03, 2024, 2024-03-05, 2024-03-01..2024-04-01, today, yesterday, last-7-days, last-4-weeks, this-week, this-month, last-month"
  },
  zone,
  granularity,
  metric,
  group,
  unchecked
]

/** The configuration of a connector, in the form of its JSON file. */
import * as Api from "@innerspace-metrics/core/Api"
import * as Granularity from "@innerspace-metrics/core/Granularity"
import { isRecord } from "@innerspace-metrics/core/JsonValue"
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"
import type { ConfigurationError } from "@innerspace-metrics/core/MetricsError"
import type * as Table from "@innerspace-metrics/core/Table"
import type { LocalDate } from "@innerspace-metrics/core/TimeRange"
import * as v1 from "@innerspace-metrics/core/v1"
import * as v2 from "@innerspace-metrics/core/v2"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Login } from "../../Connector.js"
import type { DatasetError } from "../../DatasetError.js"
import {
  type Contents,
  defineContents,
  defineTable,
  type TableDefinition
} from "../dataset/definition.js"

interface Setting {
  readonly isRequired?: true
  readonly isSecret?: true
  /** JSON Schema of the value. It contains the texts for the form that Airbyte shows. */
  readonly schema: Readonly<Record<string, unknown>> & {
    readonly title: string
    readonly description: string
  }
  readonly fits: (value: unknown) => boolean
  /** Describes a valid value, in words that follow "Pass" in a message. */
  readonly form: string
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

const isList =
  (isItem: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(isItem)

const names = (title: string, description: string): Setting => ({
  schema: { type: "array", items: { type: "string" }, title, description },
  fits: isList(isText),
  form: "a list of names"
})

const ids = (title: string, description: string): Setting => ({
  schema: { type: "array", items: { type: "integer" }, title, description },
  fits: isList(Number.isSafeInteger),
  form: "a list of ids, which are whole numbers"
})

const settings: Readonly<Record<string, Setting>> = {
  api: {
    schema: {
      type: "string",
      enum: ["v1", "v1.5", "v2"],
      default: "v1",
      title: "API",
      description: "Generation of the API. It decides which tables there are."
    },
    fits: (value) => value === "v1" || value === "v1.5" || value === "v2",
    form: "v1, v1.5 or v2"
  },
  client_id: {
    isRequired: true,
    schema: { type: "string", title: "Client id", description: "From InnerSpace." },
    fits: isText,
    form: "the client id that InnerSpace has issued"
  },
  client_secret: {
    isRequired: true,
    isSecret: true,
    schema: { type: "string", title: "Client secret", description: "From InnerSpace." },
    fits: isText,
    form: "the client secret that InnerSpace has issued"
  },
  start_date: {
    isRequired: true,
    schema: {
      type: "string",
      format: "date",
      pattern: "^\\d{4}-\\d{2}-\\d{2}$",
      examples: ["2025-01-01"],
      title: "First day",
      description:
        "The first day in the zone of the buildings. If you set it to an earlier day, the next sync reads the days from that day."
    },
    fits: isText,
    form: "a date, such as 2025-01-01"
  },
  zone: {
    isRequired: true,
    schema: {
      type: "string",
      examples: ["America/Chicago"],
      title: "Time zone",
      description: "IANA time zone of the buildings."
    },
    fits: isText,
    form: "an IANA time zone, such as America/Chicago"
  },
  buildings: ids(
    "Buildings",
    "Ids of the buildings. Tables with a column for the building need it."
  ),
  sites: ids("Sites", "Ids of sites, which are mostly floors. All sites by default."),
  zones: ids("Zones", "Ids of zones. All zones by default."),
  granularities: {
    schema: {
      type: "array",
      items: { type: "string", enum: Granularity.all },
      title: "Granularities",
      description: "Lengths of the periods. Tables with a column for the granularity need it."
    },
    fits: isList(Granularity.isGranularity),
    form: `a list of ${Granularity.all.join(", ")}`
  },
  metrics: names("Metrics", "Names of metrics. The tables of metrics need it."),
  features: names("Features", "Names of features. The tables of features need it."),
  groups: names("Groups", "Ids of groups of people. All groups by default."),
  look_back_days: {
    schema: {
      type: "number",
      minimum: 0,
      default: 7,
      title: "Look-back in days",
      description:
        "How many days before the last published period each sync reads again, because the API may change published values."
    },
    fits: (value) => typeof value === "number" && value >= 0 && Number.isFinite(value),
    form: "a number of days"
  },
  base_url: {
    schema: {
      type: "string",
      title: "URL",
      description: "URL of the API, if it is not the vendor's own."
    },
    fits: isText,
    form: "a URL"
  }
}

/** The JSON Schema of a configuration, from which Airbyte makes a form. */
export const specification = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "InnerSpace metrics",
  type: "object",
  required: Object.entries(settings).flatMap(([name, { isRequired }]) =>
    isRequired ? [name] : []
  ),
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(settings).map(([name, { isSecret, schema }], order) => [
      name,
      { ...schema, order, ...(isSecret ? { airbyte_secret: true } : {}) }
    ])
  )
}

const kinds: LayerOptions.Kinds = Object.fromEntries(
  Object.entries(settings).map(([name, { fits, form, isRequired, isSecret }]) => [
    isRequired ? name : `${name}?`,
    // The `{}` makes `LayerOptions` treat the value as an object with fields. Messages do not show
    // such values, so the secret is never in a message.
    isSecret ? [fits, form, {}] : [fits, form]
  ])
)

/** A configuration that was checked. */
export interface Connection {
  readonly login: Login
  readonly contents: Contents
  /** The tables that can be read with this configuration. */
  readonly tables: ReadonlyArray<TableDefinition>
  /** Why the other tables cannot be read. */
  readonly others: ReadonlyArray<DatasetError>
}

/** The name that messages use instead of the name of a dataset. */
const name = "the configuration"

const apis = { v1: Api.v1, "v1.5": Api.v1_5, v2: Api.v2 } as const

export const readConfig = (
  given: unknown,
  tables: ReadonlyArray<Table.Any> | undefined
): Effect.Effect<Connection, ConfigurationError | DatasetError> =>
  Effect.gen(function* () {
    // An empty field of a form arrives as null or as empty text.
    const filled = isRecord(given)
      ? Object.fromEntries(
          Object.entries(given).filter(([, value]) => value !== null && value !== "")
        )
      : given
    yield* LayerOptions.check(kinds, filled)
    // The check has just proven these types.
    const config = filled as {
      readonly api?: keyof typeof apis
      readonly client_id: string
      readonly client_secret: string
      readonly start_date: LocalDate
      readonly zone: string
      readonly look_back_days?: number
      readonly base_url?: string
      readonly buildings?: ReadonlyArray<number>
      readonly sites?: ReadonlyArray<number>
      readonly zones?: ReadonlyArray<number>
      readonly granularities?: ReadonlyArray<Granularity.Granularity>
      readonly metrics?: ReadonlyArray<string>
      readonly features?: ReadonlyArray<string>
      readonly groups?: ReadonlyArray<string>
    }
    const { api: version = "v1", base_url, client_id, client_secret, ...rest } = config
    const { groups, look_back_days = 7, sites, start_date, zones, ...lists } = rest
    const api = apis[version]
    const options = {
      ...lists,
      from: start_date,
      lookBack: look_back_days * 86_400_000,
      ...(isFilled(groups) ? { groups } : {})
    }
    const catalog = api.version === "v1" ? v1.catalog : v2.catalog
    const [others, defined] = yield* Effect.partition(
      tables ?? [...catalog.tables.values()],
      (table) =>
        defineTable(name, options, {
          table,
          where: whereOf(table, { SITE_ID: sites, ZONE_ID: zones })
        })
    )
    return {
      login: {
        api: base_url === undefined ? api : Api.withBaseUrl(api, base_url),
        clientId: client_id,
        clientSecret: Redacted.make(client_secret)
      },
      contents: yield* defineContents(name, options),
      tables: defined,
      others
    }
  })

const isFilled = <A>(list: ReadonlyArray<A> | undefined): list is ReadonlyArray<A> =>
  list !== undefined && list.length > 0

/**
 * Makes the filter of a table from the given lists. Ignores a list if the table does not have the
 * column that belongs to the list.
 */
const whereOf = (
  table: Table.Any,
  lists: Readonly<Record<string, ReadonlyArray<number> | undefined>>
): Readonly<Record<string, ReadonlyArray<number>>> =>
  Object.fromEntries(
    [...table.byName.keys()].flatMap((column) => {
      const list = lists[column.toUpperCase()]
      return isFilled(list) ? [[column, list] as const] : []
    })
  )

/**
 * Checks the generation of the API and whether introspection is allowed, and compares the catalogue
 * with the schema of the API.
 */
import * as Catalog from "@innerspace-metrics/core/Catalog"
import type { CallError } from "@innerspace-metrics/core/MetricsError"
import * as Query from "@innerspace-metrics/core/Query"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { catalogueOf } from "../client/catalogue.js"
import { differs, type Line, ok, unknown } from "./line.js"
import { type Check, type ProbeWithToken, withToken } from "./probe.js"

export const checkSchema: Check = withToken((probe) =>
  Effect.gen(function* () {
    if (Either.isLeft(probe.token)) {
      return ["schema.generation", "schema.introspection", "schema.catalogue"].map((id) =>
        unknown(id, "there is no token")
      )
    }
    const generation = yield* checkGeneration(probe)
    const catalog = yield* catalogueOf(probe.settings)
    const answer = yield* Effect.either(probe.metrics.schema)
    if (Either.isLeft(answer)) {
      return [
        generation,
        differs("schema.introspection", answer.left.problem, answer.left.hint),
        unknown(
          "schema.catalogue",
          `${countColumns(catalog)} columns are not checked: the server does not show its schema`
        )
      ]
    }
    const live = Catalog.fromIntrospection("live", answer.right)
    if (Either.isLeft(live)) {
      return [generation, differs("schema.introspection", live.left.problem, live.left.hint)]
    }
    return [
      generation,
      ok("schema.introspection", `on; ${live.right.tables.size} tables`),
      ...compare(catalog, live.right)
    ]
  })
)

/** Whether the API has the tables of the chosen generation, or the tables of another generation. */
const checkGeneration = ({ metrics, settings }: ProbeWithToken): Effect.Effect<Line> =>
  Effect.gen(function* () {
    const id = "schema.generation"
    const { building_features } = yield* Effect.promise(() => import("@innerspace-metrics/core/v1"))
    const { BUILDING_INSIGHTS } = yield* Effect.promise(() => import("@innerspace-metrics/core/v2"))
    const options = { limit: 1, operationName: "doctor_generation" }
    const v1: Effect.Effect<unknown, CallError> = metrics.query(
      Query.from(building_features, { select: ["building_id"], ...options })
    )
    const v2: Effect.Effect<unknown, CallError> = metrics.query(
      Query.from(BUILDING_INSIGHTS, { select: ["BUILDING_ID"], ...options })
    )
    const isV1 = settings.api.value === "v1"
    const own = yield* Effect.either(isV1 ? v1 : v2)
    if (Either.isRight(own)) return ok(id, `the tables of ${settings.api.value}`)
    const other = yield* Effect.either(isV1 ? v2 : v1)
    return Either.isRight(other)
      ? differs(
          id,
          `the API has the tables of ${isV1 ? "v1.5 and v2" : "v1"}, not those of ${settings.api.value}`,
          `Set --api ${isV1 ? "v2 or v1.5" : "v1"}`
        )
      : differs(id, own.left.problem, own.left.hint)
  })

const countColumns = ({ tables }: Catalog.Catalog): number =>
  [...tables.values()].reduce((sum, { byName }) => sum + byName.size, 0)

const compare = (catalog: Catalog.Catalog, live: Catalog.Catalog): ReadonlyArray<Line> => {
  const changes = Catalog.diff(catalog, live)
  const isAddition = ({ _tag }: Catalog.Change) => /Added$/.test(_tag)
  const contradictions = changes.filter(
    // If a column is nullable only in the catalogue, rows can still be read.
    (change) => !isAddition(change) && !(change._tag === "NullabilityChanged" && !change.isNullable)
  )
  const additions = changes.filter(isAddition)
  const contradicted = new Set(
    contradictions.flatMap((change) =>
      "columns" in change
        ? change.columns
        : "column" in change
          ? [`${change.table}.${change.column}`]
          : []
    )
  )
  const gone = contradictions.flatMap((change) =>
    change._tag === "TableRemoved" ? [change.table] : []
  )
  const columns = [...catalog.tables.values()].flatMap((table) =>
    [...table.byName.keys()].map((name) => ({ table: table.name, name: `${table.name}.${name}` }))
  )
  const open = columns.filter(({ table }) => gone.includes(table)).length
  const confirmed = columns.filter(
    ({ name, table }) => !gone.includes(table) && !contradicted.has(name)
  ).length
  const summary = `${confirmed} columns are confirmed, ${columns.length - confirmed - open} contradicted, ${open} not checked`
  return [
    contradictions.length === 0
      ? ok("schema.catalogue", summary)
      : differs(
          "schema.catalogue",
          summary,
          "Use tables of the live schema: innerspace schema generate tables.ts"
        ),
    ...contradictions.map((change) =>
      differs(
        `schema.${placeOf(change)}`,
        Catalog.formatChange(change),
        "Report it to the maintainers"
      )
    ),
    additions.length === 0
      ? ok("schema.additions", "none: the catalogue has all tables and columns")
      : unknown(
          "schema.additions",
          additions.map(Catalog.formatChange).join("; "),
          "innerspace schema generate prints typed tables for them"
        )
  ]
}

const placeOf = (change: Catalog.Change): string => {
  if ("scalar" in change) return change.scalar
  if ("column" in change) return `${change.table}.${change.column}`
  if ("relationship" in change) return `${change.table}.${change.relationship}`
  return change.table
}

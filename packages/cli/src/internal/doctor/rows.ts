/**
 * Checks rows of the API: their keys, the row limit of the token's role, groups, time zones, and
 * how new the rows are.
 */
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Query from "@innerspace-metrics/core/Query"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { type AnyTable, catalogueOf, columnOf, timeColumnOf } from "../client/catalogue.js"
import { readBuildings } from "../client/places.js"
import { groupIds } from "../question/group.js"
import { differs, type Line, ok, unknown } from "./line.js"
import { type Check, type ProbeWithToken, withToken } from "./probe.js"

export const checkRows: Check = withToken((probe) =>
  Effect.gen(function* () {
    if (Either.isLeft(probe.token)) {
      return ["rows.limit", "rows.keys", "rows.groups", "rows.zones", "rows.freshness"].map((id) =>
        unknown(id, "there is no token")
      )
    }
    const tables = tablesOf(yield* catalogueOf(probe.settings))
    const timed = tables.filter((table) => timeColumnOf(table) !== undefined)
    const grouped = timed.filter((table) => columnOf(table, "group_id") !== undefined)
    const { isWanted } = probe
    const lines: ReadonlyArray<Effect.Effect<ReadonlyArray<Line>>> = [
      ...(isWanted("rows.limit") ? [one(checkLimit(probe, timed))] : []),
      ...timed
        .filter(({ name }) => isWanted(`rows.keys.${name}`) || isWanted(`rows.freshness.${name}`))
        .map((table) => checkNewest(probe, table)),
      ...grouped
        .filter(({ name }) => isWanted(`rows.groups.${name}`))
        .map((table) => one(checkGroups(probe, table))),
      ...(isWanted("rows.zones") ? [one(checkZones(probe))] : [])
    ]
    return (yield* Effect.all(lines)).flat()
  })
)

const one = (line: Effect.Effect<Line>): Effect.Effect<ReadonlyArray<Line>> =>
  Effect.map(line, (line) => [line])

const tablesOf = (catalog: Catalog.Catalog): ReadonlyArray<AnyTable> =>
  [...catalog.tables.keys()].flatMap((name) =>
    Option.toArray(Either.getRight(Catalog.table(catalog, name)))
  )

type RawRow = { readonly [column: string]: unknown }

const ask = (
  { metrics }: ProbeWithToken,
  table: AnyTable,
  select: ReadonlyArray<string>,
  options: {
    readonly operationName: string
    readonly limit?: number
    readonly offset?: number
    readonly orderBy?: { readonly [column: string]: "asc" | "desc" }
    readonly distinctOn?: ReadonlyArray<string>
  }
): Effect.Effect<Either.Either<ReadonlyArray<RawRow>, string>> => {
  const [first = "", ...others] = select
  const { orderBy, ...rest } = options
  const granularity = columnOf(table, "granularity")
  // Daily rows are enough for the checks. Without this filter, the server would have to sort about
  // a hundred times as many rows.
  const where = granularity === undefined ? undefined : { [granularity]: "P1D" }
  const query = Query.from(table, {
    ...rest,
    select: [first, ...others],
    allowOpen: table.dimensions,
    // `orderBy` and `where` use only columns of the table.
    ...(orderBy === undefined ? {} : { orderBy: orderBy as Query.OrderBy<AnyTable["columns"]> }),
    ...(where === undefined ? {} : { where: where as Query.Where<AnyTable["columns"]> })
  })
  return Effect.either(Effect.mapError(metrics.query(Query.raw(query)), ({ problem }) => problem))
}

/** More rows than a page of a stream has. */
const askedRows = 6001

/**
 * Finds the row limit of the role. With a limit, the server returns fewer rows than requested
 * although the table has more rows.
 */
const checkLimit = (probe: ProbeWithToken, tables: ReadonlyArray<AnyTable>): Effect.Effect<Line> =>
  Effect.gen(function* () {
    const id = "rows.limit"
    const table =
      tables.find(({ name }) => /^(building_metrics|building_insights)$/i.test(name)) ?? tables[0]
    const time = table === undefined ? undefined : timeColumnOf(table)
    if (table === undefined || time === undefined) return unknown(id, "there is no table to query")
    const options = { operationName: "doctor_limit", orderBy: { [time]: "asc" as const } }
    const rows = yield* ask(probe, table, [time], { ...options, limit: askedRows })
    if (Either.isLeft(rows)) return unknown(id, rows.left)
    const found = rows.right.length
    if (found >= askedRows) return ok(id, `none up to ${askedRows} rows`)
    const more = yield* ask(probe, table, [time], { ...options, limit: 1, offset: found })
    if (Either.isLeft(more)) return unknown(id, more.left)
    return more.right.length === 0
      ? unknown(id, `${table.name} has only ${found} rows, so a higher limit cannot be found`)
      : differs(
          id,
          `responses are cut at ${found} rows, without an error`,
          `Queries without --range may be cut: pass --range, or a --limit below ${found}`
        )
  })

const sampledRows = 2000

/**
 * Reads the newest rows, which show whether keys are unique and how new the data of the table is.
 */
const checkNewest = (probe: ProbeWithToken, table: AnyTable): Effect.Effect<ReadonlyArray<Line>> =>
  Effect.gen(function* () {
    const keys = [...table.byName].flatMap(([name, { isKey }]) => (isKey ? [name] : []))
    const time = timeColumnOf(table) ?? ""
    const rows = yield* ask(probe, table, keys, {
      operationName: `doctor_newest_${table.name}`,
      limit: sampledRows,
      orderBy: { [time]: "desc" }
    })
    const now = yield* Clock.currentTimeMillis
    const [keysId, freshnessId] = [`rows.keys.${table.name}`, `rows.freshness.${table.name}`]
    if (Either.isLeft(rows)) return [unknown(keysId, rows.left), unknown(freshnessId, rows.left)]
    return [
      keysLine(keysId, keys, rows.right),
      freshnessLine(freshnessId, rows.right[0]?.[time], now)
    ]
  })

const keysLine = (id: string, keys: ReadonlyArray<string>, rows: ReadonlyArray<RawRow>): Line => {
  const hint = "A sync of this table fails: report it to the maintainers"
  const empty = keys.filter((key) =>
    rows.some((row) => row[key] === null || row[key] === undefined)
  )
  if (empty.length > 0) return differs(id, `${empty.join(", ")} is null in some rows`, hint)
  const texts = new Set(rows.map((row) => JSON.stringify(keys.map((key) => row[key]))))
  const twice = rows.length - texts.size
  return twice === 0
    ? ok(id, `${rows.length} rows, unique by ${keys.join(", ")}`)
    : differs(id, `${twice} of ${rows.length} rows have a key twice (${keys.join(", ")})`, hint)
}

/**
 * How long ago the newest row may start, in milliseconds. A day is published in the following
 * night, so a row of the last two and a half days should exist.
 */
const oldest = 60 * 3_600_000

const freshnessLine = (id: string, time: unknown, now: number): Line => {
  const newest = Date.parse(String(time))
  if (Number.isNaN(newest)) return unknown(id, "the table has no rows")
  const hours = Math.round((now - newest) / 3_600_000)
  const found = `the newest period began ${hours} hours ago, at ${new Date(newest).toISOString()}`
  return now - newest <= oldest
    ? ok(id, found)
    : differs(id, found, "Ask InnerSpace whether publication is late")
}

const checkGroups = (probe: ProbeWithToken, table: AnyTable): Effect.Effect<Line> =>
  Effect.gen(function* () {
    const id = `rows.groups.${table.name}`
    const group = columnOf(table, "group_id") ?? ""
    const rows = yield* ask(probe, table, [group], {
      operationName: `doctor_groups_${table.name}`,
      distinctOn: [group],
      orderBy: { [group]: "asc" }
    })
    if (Either.isLeft(rows)) return unknown(id, rows.left)
    const found = rows.right.map((row) => String(row[group]))
    const wanted = yield* Effect.either(
      Effect.provideService(
        groupIds(probe.settings, [probe.settings.group.value]),
        MetricsClient.MetricsClient,
        probe.metrics
      )
    )
    const [own = ""] = Either.isRight(wanted) ? wanted.right : []
    if (found.length === 0) return unknown(id, "the table has no rows")
    return found.includes(own)
      ? ok(id, `${found.length} groups, with ${probe.settings.group.value}`)
      : differs(
          id,
          `${probe.settings.group.value} (${own}) is not among ${found.slice(0, 5).join(", ")}${found.length > 5 ? " and others" : ""}`,
          `Pass --group, or keep it: innerspace login --group ${found[0]}`
        )
  })

const checkZones = (probe: ProbeWithToken): Effect.Effect<Line> =>
  Effect.gen(function* () {
    const id = "rows.zones"
    if (probe.settings.api.value === "v1") {
      return unknown(id, "v1 has no table of buildings", "Pass --zone with dates")
    }
    const buildings = yield* Effect.either(
      Effect.provideService(readBuildings, MetricsClient.MetricsClient, probe.metrics)
    )
    if (Either.isLeft(buildings)) return unknown(id, buildings.left.problem)
    const wrong = buildings.right.filter(({ zone }) => zone === null || !isZone(zone))
    return wrong.length === 0
      ? ok(id, buildings.right.map(({ id, zone }) => `${id} ${zone}`).join(", "))
      : differs(
          id,
          `this runtime does not know ${wrong.map(({ id, zone }) => `${zone} of building ${id}`).join(", ")}`,
          "Pass --zone with an IANA name"
        )
  })

const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone })
    return zone.includes("/")
  } catch {
    return false
  }
}

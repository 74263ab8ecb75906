/** The tables that a command can use. */
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import { UsageError } from "../frame/failure.js"
import { didYouMean } from "../program/nearest.js"
import type { Settings } from "../settings/settings.js"

/** A table whose columns the compiler does not know. */
export type AnyTable = Either.Either.Right<ReturnType<typeof Catalog.table>>

/** The catalogue of a generation of the API, loaded when it is used. */
export const catalogueOf = ({ api }: Pick<Settings, "api">): Effect.Effect<Catalog.Catalog> =>
  Effect.promise(async () =>
    api.value === "v1"
      ? (await import("@innerspace-metrics/core/v1")).catalog
      : (await import("@innerspace-metrics/core/v2")).catalog
  )

/**
 * Finds a table by its name. If no table has exactly this name, the case of letters is ignored, and
 * the table is found if only one fits.
 */
export const tableNamed = (
  catalog: Catalog.Catalog,
  given: string
): Effect.Effect<AnyTable, UsageError> => {
  const names = [...catalog.tables.keys()]
  return Effect.catchAll(Catalog.table(catalog, exactOrOnly(given, names) ?? given), () =>
    Effect.gen(function* () {
      const other = catalog.name === "v1" ? "v2" : "v1"
      const others = yield* catalogueOf({ api: { value: other, from: "" } })
      const there = exactOrOnly(given, [...others.tables.keys()])
      return yield* new UsageError(
        `There is no table ${JSON.stringify(given)} in ${catalog.name}`,
        there === undefined
          ? didYouMean(given, names)
          : `${there} is a table of ${other}: add --api ${other}, or keep it with innerspace login --api ${other}`
      )
    })
  )
}

/** The name itself, or the only known name that differs from it only in upper and lower case. */
export const exactOrOnly = (given: string, names: ReadonlyArray<string>): string | undefined => {
  if (names.includes(given)) return given
  const found = names.filter((name) => name.toLowerCase() === given.toLowerCase())
  return found.length === 1 ? found[0] : undefined
}

/** Finds a column by its name in v1. For example, `building_id` is `BUILDING_ID` in v1.5 and v2. */
export const columnOf = (table: Pick<AnyTable, "byName">, meaning: string): string | undefined =>
  exactOrOnly(meaning, [...table.byName.keys()])

/** The column that holds the start of the periods. */
export const timeColumnOf = (table: Pick<AnyTable, "byName">): string | undefined =>
  [...table.byName].find(([, { isKey, scalar }]) => isKey && scalar.name === "timestamptz")?.[0]

/**
 * Catalogues: sets of tables. A catalogue is written by hand, read from a server's schema, or
 * generated from a schema as a TypeScript module.
 */
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import type * as Column from "./Column.js"
import { diffTables } from "./internal/catalog/diffTables.js"
import { makeCatalog } from "./internal/catalog/makeCatalog.js"
import { printModule } from "./internal/catalog/printModule.js"
import type { Problem } from "./internal/catalog/problem.js"
import { readTables } from "./internal/catalog/readTables.js"
import type { OperatorTypes } from "./internal/catalog/serverScalar.js"
import { pickOperators, unknownOperators } from "./internal/catalog/serverScalar.js"
import { type Described, described } from "./internal/described.js"
import type { MetricsErrorShape } from "./internal/errors.js"
import { shorten } from "./internal/shorten.js"
import { ColumnTypeId, CatalogTypeId as TypeId } from "./internal/typeIds.js"
import type { JsonValue } from "./JsonValue.js"
import * as Scalar from "./Scalar.js"
import type * as Table from "./Table.js"

/** A named set of tables. */
export interface Catalog {
  readonly [TypeId]: typeof TypeId
  /** Name of the catalogue in messages: `v1`, or the name of a server. */
  readonly name: string
  /** The tables by name, sorted by name. */
  readonly tables: ReadonlyMap<string, Table.Any>
}

/**
 * Creates a catalogue of the given tables. If two tables have the same name, the later one is used.
 *
 * @example
 * ```ts
 * import { Catalog } from "@innerspace-metrics/core"
 * import { building_features, building_metrics } from "@innerspace-metrics/core/v1"
 *
 * const catalog = Catalog.make("buildings", [building_features, building_metrics])
 * ```
 */
export const make = (name: string, tables: ReadonlyArray<Table.Any>): Catalog =>
  makeCatalog(name, tables)

/**
 * Columns that the compiler does not know. The compiler accepts any column name, and a cell has the
 * type `unknown`. The query builder still checks each name, operator and value.
 */
interface AnyColumns {
  readonly [column: string]: Column.Column<unknown, unknown>
}

/**
 * Returns the table with a name, for a query whose table is only known at run time.
 *
 * Fails with a `CatalogError` (`UnknownTable`) if the catalogue does not have the table.
 *
 * @example
 * ```ts
 * import { Catalog, Query } from "@innerspace-metrics/core"
 * import { building_metrics } from "@innerspace-metrics/core/v1"
 * import * as Either from "effect/Either"
 *
 * const catalog = Catalog.make("buildings", [building_metrics])
 * const query = Either.map(Catalog.table(catalog, "building_metrics"), (table) =>
 *   Query.from(table, {
 *     select: ["metric_value"],
 *     where: {
 *       building_id: 71,
 *       granularity: "PT1H",
 *       group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
 *     }
 *   })
 * )
 * ```
 */
export const table = (
  catalog: Catalog,
  name: string
): Either.Either<Table.Table<string, AnyColumns>, CatalogError> => {
  const found = catalog.tables.get(name)
  return found === undefined
    ? Either.left(
        new CatalogError({
          reason: "UnknownTable",
          problem: `The catalogue ${catalog.name} has no table ${shorten(name)}`,
          hint: `Use one of ${[...catalog.tables.keys()].join(", ")}`
        })
      )
    : Either.right(withAnyColumns(found))
}

/** Returns the table with the type `AnyColumns` for its columns. */
const withAnyColumns = (table: Table.Any): Table.Table<string, AnyColumns> => ({
  ...table,
  columns: Object.fromEntries(
    Array.from(table.byName, ([name, column]) => [
      name,
      {
        ...column,
        [ColumnTypeId]: { _Decoded: (_: never) => _, _Filter: (_: unknown) => undefined }
      }
    ])
  )
})

/**
 * Creates a catalogue from the JSON that a server returns for GraphQL's introspection query, such
 * as `getIntrospectionQuery({ descriptions: false })` of the package `graphql`. Pass the whole
 * response or its `data`.
 *
 * A table is a root field that returns a list of objects and accepts `where: <table>_bool_exp`. A
 * column has only the operators of its `..._comparison_exp`. An enum becomes a
 * `Scalar.enumeration`. A scalar that this library does not know is read as JSON, and has only
 * operators that accept a value or a list of values. Tables and columns that the token's role may
 * not read are missing. See https://hasura.io/docs/latest/api-reference/graphql-api/query/.
 *
 * Fails with a `CatalogError`: `NotIntrospection`, `UnknownType`, `InvalidName`, `NoTables`.
 *
 * @example
 * ```ts
 * import { Catalog } from "@innerspace-metrics/core"
 * import * as Either from "effect/Either"
 *
 * declare const answer: unknown
 *
 * const tables = Catalog.fromIntrospection("live", answer).pipe(
 *   Either.map((catalog) => [...catalog.tables.keys()])
 * )
 * ```
 */
export const fromIntrospection = (
  name: string,
  answer: unknown
): Either.Either<Catalog, CatalogError> =>
  Either.mapBoth(readTables(answer), {
    onLeft: (problem) => new CatalogError(problem),
    onRight: (tables) => make(name, tables)
  })

/** Options of `toTypeScript`. */
interface TypeScriptOptions {
  /**
   * Where the tables come from, in words. The text becomes the `source` of every column. Default:
   * "the server's schema".
   */
  readonly source?: string
}

/**
 * Prints a TypeScript module with a typed constant for each table, and the constant `catalog`,
 * which has all tables. The module has the format of Biome and Prettier at 100 columns, without
 * semicolons. Equal schemas are printed as equal text, so the module can be committed and compared.
 *
 * If the name of a table is a reserved word, the name of its constant ends with an underscore.
 * Every column is `Column.observed` with the given `source`.
 *
 * Fails with a `CatalogError`: `InvalidName` if a name is not a GraphQL name, `UnknownTable` if a
 * relationship leads to a table that the catalogue does not have. A catalogue of
 * `fromIntrospection` causes neither error.
 *
 * @example
 * ```ts run
 * import { Catalog, Column, Scalar, Table } from "@innerspace-metrics/core"
 * import * as Either from "effect/Either"
 *
 * const sites = Table.make("sites", { site_id: Column.observed(Scalar.Int, "the live schema") })
 * const text = Catalog.toTypeScript(Catalog.make("live", [sites]))
 * console.log(Either.getOrThrow(text))
 * ```
 */
export const toTypeScript = (
  catalog: Catalog,
  options: TypeScriptOptions = {}
): Either.Either<string, CatalogError> =>
  Either.mapLeft(
    printModule(
      catalog.name,
      [...catalog.tables.values()],
      options.source ?? "the server's schema"
    ),
    (problem) => new CatalogError(problem)
  )

/**
 * Returns the scalar with only the given operators, for a server that lacks the other operators.
 * Modules that `toTypeScript` prints call this function.
 *
 * @example
 * ```ts
 * import { Catalog, Column, Scalar } from "@innerspace-metrics/core"
 *
 * const textWithoutPatterns = Catalog.restrict(Scalar.String, ["_eq", "_in", "_is_null"])
 * const zone_name = Column.observed(textWithoutPatterns, "the server's schema")
 * ```
 */
export const restrict = <Decoded, Filter, const Name extends string>(
  scalar: Scalar.Scalar<Decoded, Filter>,
  operators: ReadonlyArray<Name>
): Scalar.Scalar<Decoded, Restricted<Filter, Name>> =>
  Scalar.make({ ...scalar, operators: pickOperators(scalar.operators, operators) })

/**
 * A filter with only the given operators. A single value is short for `_eq`, and a list is short
 * for `_in`. The filter accepts these two forms only if the server has both operators.
 */
type Restricted<Filter, Name extends string> = Filter extends unknown
  ? "_is_null" extends keyof Filter
    ? Pick<Filter, Extract<keyof Filter, Name>>
    : "_eq" | "_in" extends Name
      ? Filter
      : never
  : never

/** What `where` accepts for a scalar that this library does not know. */
type UnknownFilter<Operators extends OperatorTypes> =
  | ("_eq" | "_in" extends keyof Operators ? PlainValue | ReadonlyArray<PlainValue> : never)
  | { readonly [Name in keyof Operators]?: Operand<Operators[Name]> }

type PlainValue = string | number | boolean

type Operand<Type> = Type extends "Boolean"
  ? boolean
  : Type extends "String"
    ? string
    : Type extends `[${string}]`
      ? ReadonlyArray<JsonValue>
      : JsonValue

/**
 * Makes a scalar that this library does not know, with the operators of a server. Its values are
 * JSON. Modules that `toTypeScript` prints call this function.
 *
 * @example
 * ```ts
 * import { Catalog, Column } from "@innerspace-metrics/core"
 *
 * const money = Catalog.unknownScalar("money", { _eq: "money", _in: "[money]", _gt: "money" })
 * const rent = Column.observed(money, "the server's schema")
 * ```
 */
export const unknownScalar = <const Operators extends OperatorTypes>(
  name: string,
  operators: Operators
): Scalar.Scalar<JsonValue, UnknownFilter<Operators>> =>
  Scalar.make({
    name,
    decode: (cell) => Either.right(cell),
    operators: unknownOperators(operators)
  })

/**
 * A difference between two catalogues. The type of a column is written as in GraphQL: a column of
 * type `Int!` is never null.
 */
export type Change =
  | { readonly _tag: "TableAdded"; readonly table: string }
  | { readonly _tag: "TableRemoved"; readonly table: string }
  | ({ readonly _tag: "ColumnAdded"; readonly type: string } & ColumnPlace)
  | ({ readonly _tag: "ColumnRemoved"; readonly type: string } & ColumnPlace)
  | ({ readonly _tag: "ColumnRetyped" } & Retyped & ColumnPlace)
  | ({ readonly _tag: "NullabilityChanged"; readonly isNullable: boolean } & ColumnPlace)
  | ({ readonly _tag: "RelationshipAdded"; readonly type: string } & RelationshipPlace)
  | ({ readonly _tag: "RelationshipRemoved"; readonly type: string } & RelationshipPlace)
  | ({ readonly _tag: "RelationshipRetyped" } & Retyped & RelationshipPlace)
  | ({ readonly _tag: "OperatorAdded"; readonly type: string } & OperatorPlace)
  | ({ readonly _tag: "OperatorRemoved"; readonly type: string } & OperatorPlace)
  | ({ readonly _tag: "OperatorRetyped" } & Retyped & OperatorPlace)
  | ({ readonly _tag: "ValueAdded" } & ValuePlace)
  | ({ readonly _tag: "ValueRemoved" } & ValuePlace)

interface Retyped {
  readonly before: string
  readonly after: string
}

interface ColumnPlace {
  readonly table: string
  readonly column: string
}

interface RelationshipPlace {
  readonly table: string
  readonly relationship: string
}

/**
 * An operator that has changed, for all columns of a scalar. `columns` lists the columns that have
 * the scalar in both catalogues, each as `table.column`.
 */
interface OperatorPlace {
  readonly scalar: string
  readonly operator: string
  readonly columns: ReadonlyArray<string>
}

/**
 * A value that was added to an enumeration or removed from it. `columns` lists the columns that
 * have the enumeration in both catalogues, each as `table.column`.
 */
interface ValuePlace {
  readonly scalar: string
  readonly value: string
  readonly columns: ReadonlyArray<string>
}

/**
 * Lists the differences between two catalogues: tables, columns, relationships, operators and
 * enumeration values that were added or removed, and types that changed. It also lists the columns
 * that can be null in only one of the catalogues. It does not compare the evidence for a column.
 *
 * @example
 * ```ts run
 * import { Catalog, Column, Scalar, Table } from "@innerspace-metrics/core"
 *
 * const sites = Table.make("sites", { site_id: Column.observed(Scalar.Int, "the live schema") })
 * const wider = Table.make("sites", { site_id: Column.observed(Scalar.bigint, "the live schema") })
 *
 * const changes = Catalog.diff(Catalog.make("old", [sites]), Catalog.make("new", [wider]))
 * console.log(changes.map(Catalog.formatChange).join("\n"))
 * ```
 *
 * ```text
 * sites.site_id: was Int, is bigint
 * ```
 */
export const diff = (before: Catalog, after: Catalog): ReadonlyArray<Change> =>
  diffTables(before.tables, after.tables)

/**
 * Formats a change as one line.
 *
 * @example
 * ```ts
 * import { Catalog } from "@innerspace-metrics/core"
 *
 * Catalog.formatChange({ _tag: "TableAdded", table: "zones" }) // "zones: table added"
 * ```
 */
export const formatChange = (change: Change): string => {
  switch (change._tag) {
    case "TableAdded":
      return `${change.table}: table added`
    case "TableRemoved":
      return `${change.table}: table removed`
    case "ColumnAdded":
      return `${change.table}.${change.column}: column added, ${change.type}`
    case "ColumnRemoved":
      return `${change.table}.${change.column}: column removed, was ${change.type}`
    case "ColumnRetyped":
      return `${change.table}.${change.column}: was ${change.before}, is ${change.after}`
    case "NullabilityChanged":
      return `${change.table}.${change.column}: ${change.isNullable ? "can be null now" : "is never null now"}`
    case "RelationshipAdded":
      return `${change.table}.${change.relationship}: relationship added, ${change.type}`
    case "RelationshipRemoved":
      return `${change.table}.${change.relationship}: relationship removed, was ${change.type}`
    case "RelationshipRetyped":
      return `${change.table}.${change.relationship}: was ${change.before}, is ${change.after}`
    case "OperatorAdded":
      return `${change.scalar}.${change.operator}: operator added, accepts ${change.type}${usedBy(change)}`
    case "OperatorRemoved":
      return `${change.scalar}.${change.operator}: operator removed, accepted ${change.type}${usedBy(change)}`
    case "OperatorRetyped":
      return `${change.scalar}.${change.operator}: accepted ${change.before}, accepts ${change.after}${usedBy(change)}`
    case "ValueAdded":
      return `${change.scalar}.${change.value}: value added${usedBy(change)}`
    case "ValueRemoved":
      return `${change.scalar}.${change.value}: value removed${usedBy(change)}`
  }
}

const usedBy = ({ columns: [first, ...others] }: OperatorPlace | ValuePlace): string => {
  if (first === undefined) return ""
  return others.length === 0 ? ` (${first})` : ` (${first} and ${others.length} more)`
}

/**
 * A catalogue cannot be read or printed, or the requested table is not in the catalogue.
 *
 * @example
 * ```ts
 * import type { Catalog } from "@innerspace-metrics/core"
 *
 * const show = (error: Catalog.CatalogError) => `${error.reason}: ${error.hint}`
 * ```
 */
export class CatalogError
  extends Data.TaggedError("CatalogError")<Described<Problem>>
  implements MetricsErrorShape
{
  constructor(fields: Problem) {
    super(described(fields))
  }
  get isRetryable(): boolean {
    return false
  }
  get retryAfter(): undefined {
    return undefined
  }
}

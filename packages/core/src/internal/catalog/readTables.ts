/** Reads tables from a server's introspection. */

import * as Either from "effect/Either"
import * as Column from "../../Column.js"
import * as Relationship from "../../Relationship.js"
import type * as Scalar from "../../Scalar.js"
import * as Table from "../../Table.js"
import * as Ast from "../graphql/ast.js"
import { shorten } from "../shorten.js"
import {
  type InputValue,
  type Introspection,
  type ObjectField,
  readEnumValues,
  readInputFields,
  readIntrospection,
  readObjectFields,
  readTypeReference
} from "./introspection.js"
import type { Problem } from "./problem.js"
import type { OperatorTypes } from "./serverScalar.js"
import { knownScalar, scalarOf } from "./serverScalar.js"

const source = "the server's schema"

/** A root field that selects rows. */
interface Root {
  readonly name: string
  readonly rowType: string
  readonly filterType: string
}

export const readTables = (answer: unknown): Either.Either<ReadonlyArray<Table.Any>, Problem> =>
  Either.gen(function* () {
    const introspection = yield* readIntrospection(answer)
    const fields = yield* readObjectFields(introspection, introspection.queryType)
    const roots: Array<Root> = []
    for (const field of fields) {
      const root = yield* readRoot(field)
      if (root !== undefined) roots.push(root)
    }
    const reading = new Reading(introspection, roots)
    const tables: Array<Table.Any> = []
    for (const root of roots) {
      const table = yield* reading.readTable(root)
      if (table.byName.size > 0) tables.push(table)
    }
    if (tables.length === 0) {
      return yield* Either.left<Problem>({
        reason: "NoTables",
        problem: `None of the ${fields.length} root fields of ${introspection.queryType} selects rows of a table`,
        hint: "Introspect with a role that may select rows, and check that the server is Hasura"
      })
    }
    return tables
  })

/**
 * Reads a root field of the shape that Hasura gives a table: `<table>(where: <table>_bool_exp,
 * ...): [<table>!]!`. A root field with a required argument belongs to a function and not to a
 * table.
 */
const readRoot = (field: ObjectField): Either.Either<Root | undefined, Problem> =>
  Either.gen(function* () {
    const row = yield* readTypeReference(field.type, field.name)
    const where = field.args.find(({ name }) => name === "where")
    if (row.kind !== "OBJECT" || row.lists !== 1 || where === undefined) return undefined
    if (yield* needsArguments(field)) return undefined
    const filter = yield* readTypeReference(where.type, `${field.name}.where`)
    if (filter.kind !== "INPUT_OBJECT" || !filter.name.endsWith("_bool_exp")) return undefined
    yield* checkName(field.name, "table")
    return { name: field.name, rowType: row.name, filterType: filter.name }
  })

const needsArguments = (field: ObjectField): Either.Either<boolean, Problem> =>
  Either.gen(function* () {
    for (const argument of field.args) {
      const type = yield* readTypeReference(argument.type, `${field.name}.${argument.name}`)
      if (!type.isNullable && typeof argument.defaultValue !== "string") return true
    }
    return false
  })

/** State that is shared while the tables of one schema are read. */
class Reading {
  readonly #introspection: Introspection
  /**
   * The names of the root fields, by the type of their rows. If several root fields have rows of
   * one type, the field that has the name of the type is used. If no field has this name, the first
   * field is used.
   */
  readonly #tableOfType = new Map<string, string>()
  readonly #tables = new Map<string, Table.Any>()
  readonly #operators = new Map<string, OperatorTypes>()
  readonly #scalars = new Map<string, Scalar.Any>()

  constructor(introspection: Introspection, roots: ReadonlyArray<Root>) {
    this.#introspection = introspection
    for (const { name, rowType } of roots) {
      if (!this.#tableOfType.has(rowType) || name === rowType) this.#tableOfType.set(rowType, name)
    }
  }

  readTable(root: Root): Either.Either<Table.Any, Problem> {
    const self = this
    return Either.gen(function* () {
      const filters = new Map<string, InputValue>()
      for (const filter of yield* readInputFields(self.#introspection, root.filterType)) {
        filters.set(filter.name, filter)
      }
      const columns: Array<
        readonly [string, Column.Any | Relationship.Relationship<unknown, boolean>]
      > = []
      for (const field of yield* readObjectFields(self.#introspection, root.rowType)) {
        const column = yield* self.#readField(root, field, filters.get(field.name))
        if (column !== undefined) columns.push([field.name, column])
      }
      const table: Table.Any = {
        ...Table.make(root.name, Object.fromEntries(columns)),
        dimensions: dimensionsIn(columns.map(([name]) => name))
      }
      self.#tables.set(root.name, table)
      return table
    })
  }

  #readField(
    root: Root,
    field: ObjectField,
    filter: InputValue | undefined
  ): Either.Either<Column.Any | Relationship.Relationship<unknown, boolean> | undefined, Problem> {
    const self = this
    const place = `${root.rowType}.${field.name}`
    return Either.gen(function* () {
      const type = yield* readTypeReference(field.type, place)
      if (yield* needsArguments(field)) return undefined
      switch (type.kind) {
        case "SCALAR":
        case "ENUM": {
          yield* checkName(field.name, `column of ${root.name}`)
          yield* checkName(type.name, `type of ${place}`)
          // This library has no scalar for a list of enumeration values, so such a list is read as
          // JSON.
          const values =
            type.kind === "ENUM" && type.lists === 0
              ? yield* self.#readValues(type.name)
              : undefined
          const operators =
            filter === undefined
              ? {}
              : yield* self.#readOperators(type.text, filter, place, values !== undefined)
          const column = Column.observed(self.#scalar(type.text, operators, values), source)
          return type.isNullable ? Column.nullable(column) : column
        }
        case "OBJECT": {
          const target = self.#tableOfType.get(type.name)
          if (target === undefined || type.lists > 1) return undefined
          yield* checkName(field.name, `relationship of ${root.name}`)
          const table = () => self.#tables.get(target) ?? Table.make(target, {})
          return type.lists === 1 ? Relationship.many(table) : Relationship.one(table)
        }
        default:
          return undefined
      }
    })
  }

  /**
   * The operators of a column, with the types of their arguments. The operators are the fields of
   * the type `..._comparison_exp`.
   */
  #readOperators(
    type: string,
    filter: InputValue,
    place: string,
    isEnumeration: boolean
  ): Either.Either<OperatorTypes, Problem> {
    const self = this
    return Either.gen(function* () {
      const comparison = yield* readTypeReference(filter.type, `the filter of ${place}`)
      if (comparison.kind !== "INPUT_OBJECT") return {}
      const key = `${type} ${comparison.name}`
      const found = self.#operators.get(key)
      if (found !== undefined) return found
      const isKnown = isEnumeration || knownScalar(type) !== undefined
      const operators: Array<readonly [string, string]> = []
      for (const field of yield* readInputFields(self.#introspection, comparison.name)) {
        const argument = yield* readTypeReference(field.type, `${comparison.name}.${field.name}`)
        const isValue = argument.kind === "SCALAR" || argument.kind === "ENUM"
        if (!isValue && !isKnown) continue
        yield* checkName(field.name, `operator of ${type}`)
        yield* checkName(argument.name, `type of ${comparison.name}.${field.name}`)
        operators.push([field.name, operatorType(argument.text, type)])
      }
      const result: OperatorTypes = Object.fromEntries(operators.sort(byName))
      self.#operators.set(key, result)
      return result
    })
  }

  #readValues(type: string): Either.Either<ReadonlyArray<string>, Problem> {
    const introspection = this.#introspection
    return Either.gen(function* () {
      const values = yield* readEnumValues(introspection, type)
      for (const value of values) yield* checkName(value, `value of ${type}`)
      return values
    })
  }

  #scalar(
    name: string,
    operators: OperatorTypes,
    values: ReadonlyArray<string> | undefined
  ): Scalar.Any {
    const key = `${name} ${JSON.stringify(operators)}`
    const scalar = this.#scalars.get(key) ?? scalarOf(name, operators, values)
    this.#scalars.set(key, scalar)
    return scalar
  }
}

/**
 * The columns that a query must filter by values (`Table.dimensions`). They are found by their
 * names, because a schema does not mark them. According to the vendor, a table with periods has a
 * granularity, and its rows may belong to several groups and to several metrics or features.
 */
const dimensionsIn = (columns: ReadonlyArray<string>): ReadonlyArray<string> =>
  columns.some((name) => /^granularity$/i.test(name))
    ? columns.filter((name) => /^(?:granularity|group_id|metric_name|feature_name)$/i.test(name))
    : []

/**
 * The type of an operator's argument. It is a list type, such as `[Int]`, if the operator accepts a
 * list of values. In an array column, one array is one value, so its type is not changed.
 */
const operatorType = (argument: string, column: string): string => {
  const element = Ast.elementOf(argument)
  return argument === column || element === undefined ? argument : `[${element}]`
}

const byName = ([one]: readonly [string, string], [other]: readonly [string, string]): number =>
  one < other ? -1 : 1

const checkName = (name: string, what: string): Either.Either<void, Problem> =>
  Ast.isName(name)
    ? Either.void
    : Either.left({
        reason: "InvalidName",
        problem: `${shorten(name)}, a ${what}, is not a GraphQL name`,
        hint: "Introspect the server again: a GraphQL server cannot have this name"
      })

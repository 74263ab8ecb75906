/**
 * A catalogue as the text of a TypeScript module: flat, named types, formatted as Biome formats at
 * 100 columns.
 */

import * as Either from "effect/Either"
import type * as Column from "../../Column.js"
import * as Scalar from "../../Scalar.js"
import type * as Table from "../../Table.js"
import * as Ast from "../graphql/ast.js"
import { shorten } from "../shorten.js"
import {
  atom,
  call,
  declaration,
  expandedObject,
  functionOf,
  list,
  literal,
  object,
  type Property
} from "./printTypeScript.js"
import type { Problem } from "./problem.js"
import { knownScalar, operatorTypes } from "./serverScalar.js"
import { camelCase, Names, pascalCase } from "./uniqueNames.js"

/** What the module imports, and the names that it gives itself. */
const ownNames = ["Catalog", "Column", "Relationship", "Scalar", "Table", "catalog", "source"]

export const printModule = (
  name: string,
  tables: ReadonlyArray<Table.Any>,
  source: string
): Either.Either<string, Problem> =>
  Either.map(checkNames(tables), () => {
    const names = new Names(ownNames)
    const exports = names.addAll(tables.map((table) => table.name))
    const shapes = new Map(
      tables.map((table) => [table.name, names.add(`${pascalCase(table.name)}Columns`)])
    )
    const constants = columnConstants(tables, names)
    const nameOf = (of: ReadonlyMap<string, string>, table: string) => of.get(table) ?? table
    const printed = tables.map((table) => {
      const shape = nameOf(shapes, table.name)
      const columns = names.add(shape.charAt(0).toLowerCase() + shape.slice(1))
      const members = membersOf(table, constants, {
        shapeOf: (target) => nameOf(shapes, target),
        exportOf: (target) => nameOf(exports, target)
      })
      return [
        `/** Columns of \`${table.name}\`. */\n${interfaceOf(shape, members)}`,
        // From each use of a constant the compiler goes back over the module to where it was
        // declared, but not out of a function: without one, it took more than twice as long for 500
        // tables.
        functionOf(columns, shape, expandedObject(members)),
        declaration(
          `export const ${nameOf(exports, table.name)}`,
          call("Table.make", [
            literal(table.name),
            atom(`${columns}()`),
            ...(table.dimensions.length === 0
              ? []
              : [
                  object([
                    {
                      name: "dimensions",
                      value: list(table.dimensions.map((name) => JSON.stringify(name)))
                    }
                  ])
                ])
          ])
        )
      ]
    })
    const body = [
      ...(constants.declarations.length === 0
        ? []
        : [[declaration("const source", literal(source)), ...constants.declarations].join("\n")]),
      ...printed.flat(),
      `/** All tables of this module. */\n${declaration(
        "export const catalog: Catalog.Catalog",
        call("Catalog.make", [
          literal(name),
          list(tables.map((table) => nameOf(exports, table.name)))
        ])
      )}`
    ].join("\n\n")
    return `${header}\n${imports(body)}\n\n${body}\n`
  })

const header = "// Made by Catalog.toTypeScript. Make it again rather than change it."

const imports = (body: string): string =>
  ["Catalog", "Column", "Relationship", "Scalar", "Table"]
    .filter((module) => body.includes(`${module}.`))
    .map((module) => `import * as ${module} from "@innerspace-metrics/core/${module}"`)
    .join("\n")

/** A property of a table's columns, with its type. */
interface Member extends Property {
  readonly type: string
}

const interfaceOf = (name: string, members: ReadonlyArray<Member>): string =>
  members.length === 0
    ? `export interface ${name} {}`
    : `export interface ${name} {\n${members
        .map((member) => `  readonly ${member.name}: ${member.type}`)
        .join("\n")}\n}`

const membersOf = (
  table: Table.Any,
  constants: ColumnConstants,
  names: {
    readonly shapeOf: (table: string) => string
    readonly exportOf: (table: string) => string
  }
): ReadonlyArray<Member> =>
  [
    ...Array.from(table.byName, ([name, column]): Member => {
      const constant = constants.nameOf(column)
      return { name, value: atom(constant), type: typeName(constant) }
    }),
    ...Array.from(table.relationships, ([name, relationship]): Member => {
      const target = relationship.table().name
      const [make, type] = relationship.isMany ? ["many", "ToMany"] : ["one", "ToOne"]
      return {
        name,
        value: call(`Relationship.${make}`, [atom(`() => ${names.exportOf(target)}`)]),
        type: `Relationship.${type}<${names.shapeOf(target)}>`
      }
    })
  ].sort((one, other) => (one.name < other.name ? -1 : 1))

/** The different columns of all tables: declared once each, and the tables refer to them. */
interface ColumnConstants {
  readonly declarations: ReadonlyArray<string>
  readonly nameOf: (column: Column.Any) => string
}

const columnConstants = (tables: ReadonlyArray<Table.Any>, names: Names): ColumnConstants => {
  const keyOf = memoized(scalarKey)
  const columns = tables.flatMap(({ byName }) => [...byName.values()])
  const scalars = new Map(columns.map(({ scalar }) => [keyOf(scalar), scalar]))
  const used = new Set(columns.map(({ scalar, isNullable }) => `${isNullable} ${keyOf(scalar)}`))
  const given = new Map<string, { readonly column: string; readonly nullable: string }>()
  const declarations: Array<string> = []
  for (const key of [...scalars.keys()].sort()) {
    const scalar = scalars.get(key)
    if (scalar === undefined) continue
    const column = names.add(camelCase(scalar.name) + "List".repeat(depth(scalar.name)))
    let expression = knownExpression(scalar, keyOf)
    if (expression === undefined) {
      const own = names.add(`${column}Scalar`)
      declarations.push(declaration(`const ${own}`, ownExpression(scalar)))
      expression = atom(own)
    }
    declarations.push(
      declaration(`const ${column}`, call("Column.observed", [expression, atom("source")]))
    )
    if (used.has(`false ${key}`)) declarations.push(declarationOfType(column))
    const orNull = names.add(`${column}OrNull`)
    if (used.has(`true ${key}`)) {
      declarations.push(
        declaration(`const ${orNull}`, call("Column.nullable", [atom(column)])),
        declarationOfType(orNull)
      )
    }
    given.set(key, { column, nullable: orNull })
  }
  return {
    declarations,
    nameOf: ({ scalar, isNullable }) => {
      const found = given.get(keyOf(scalar))
      return (isNullable ? found?.nullable : found?.column) ?? ""
    }
  }
}

/**
 * A name for each type: `typeof` at each of many thousand columns takes the compiler half as long
 * again.
 */
const declarationOfType = (constant: string): string =>
  declaration(`type ${typeName(constant)}`, atom(`typeof ${constant}`))

/**
 * Constants begin with a small letter or `_`, interfaces of tables end in `Columns`, so this is
 * nobody else's name.
 */
const typeName = (constant: string): string =>
  `${constant.charAt(0).toUpperCase()}${constant.slice(1)}Column`

const depth = (type: string): number => type.split("[").length - 1

const knownExpression = (scalar: Scalar.Any, keyOf: (scalar: Scalar.Any) => string) => {
  const known = knownScalar(scalar.name)
  return known !== undefined && keyOf(known) === keyOf(scalar)
    ? atom(nameOfKnown(scalar.name))
    : undefined
}

const nameOfKnown = (type: string): string => {
  const element = Ast.elementOf(type)
  return element === undefined ? `Scalar.${type}` : `Scalar.array(${nameOfKnown(element)})`
}

/**
 * An enumeration, a scalar that has fewer operators on this server, or one that this library does
 * not know.
 */
const ownExpression = (scalar: Scalar.Any) => {
  const types = Object.entries(operatorTypes(scalar))
  const operators = list(types.map(([name]) => JSON.stringify(name)))
  const isSome = (known: Scalar.Any) =>
    types.every(([name]) => Object.hasOwn(known.operators, name))
  const values = valuesOf(scalar)
  if (values !== undefined) {
    const all = call("Scalar.enumeration", [
      literal(scalar.name),
      list(values.map((value) => JSON.stringify(value)))
    ])
    const known = Scalar.enumeration(scalar.name, values)
    return types.length === Object.keys(known.operators).length || !isSome(known)
      ? all
      : call("Catalog.restrict", [all, operators])
  }
  const known = knownScalar(scalar.name)
  return known !== undefined && isSome(known)
    ? call("Catalog.restrict", [atom(nameOfKnown(scalar.name)), operators])
    : call("Catalog.unknownScalar", [
        literal(scalar.name),
        object(types.map(([name, type]) => ({ name, value: literal(type) })))
      ])
}

/** Scalars that are written alike are one. */
const scalarKey = (scalar: Scalar.Any): string =>
  `${scalar.name} ${JSON.stringify(operatorTypes(scalar))} ${JSON.stringify(valuesOf(scalar))}`

/** They have no order. */
const valuesOf = ({ values }: Scalar.Any): ReadonlyArray<string> | undefined =>
  values === undefined ? undefined : [...values].sort()

const memoized = <Key extends object, Value>(make: (key: Key) => Value): ((key: Key) => Value) => {
  const made = new Map<Key, Value>()
  return (key) => {
    const found = made.get(key) ?? make(key)
    made.set(key, found)
    return found
  }
}

const checkNames = (tables: ReadonlyArray<Table.Any>): Either.Either<void, Problem> => {
  const names = new Set(tables.map(({ name }) => name))
  for (const { name, byName, relationships } of tables) {
    for (const found of [name, ...byName.keys(), ...relationships.keys()]) {
      if (!Ast.isName(found)) {
        return Either.left({
          reason: "InvalidName",
          problem: `${shorten(found)} in the table ${shorten(name)} is no GraphQL name`,
          hint: "Leave it out: no server has it"
        })
      }
    }
    for (const [relationship, { table }] of relationships) {
      if (!names.has(table().name)) {
        return Either.left({
          reason: "UnknownTable",
          problem: `${name}.${relationship} leads to the table ${shorten(table().name)}, which the catalogue does not have`,
          hint: "Put that table into the catalogue, or leave the relationship out"
        })
      }
    }
  }
  return Either.void
}

/** The differences between two sets of tables. */
import { groupBy } from "effect/Array"
import type { Change } from "../../Catalog.js"
import type * as Column from "../../Column.js"
import type * as Relationship from "../../Relationship.js"
import type * as Scalar from "../../Scalar.js"
import type * as Table from "../../Table.js"
import { operatorTypes } from "./serverScalar.js"

type Tables = ReadonlyMap<string, Table.Any>

export const diffTables = (before: Tables, after: Tables): ReadonlyArray<Change> => {
  const operators: Array<OperatorDifference> = []
  const values: Array<ValueDifference> = []
  const changes: Array<Change> = []
  for (const name of namesOf(before, after)) {
    const old = before.get(name)
    const now = after.get(name)
    if (old === undefined) changes.push({ _tag: "TableAdded", table: name })
    else if (now === undefined) changes.push({ _tag: "TableRemoved", table: name })
    else changes.push(...diffColumns(old, now, operators, values), ...diffRelationships(old, now))
  }
  return [...changes, ...operatorChanges(operators), ...valueChanges(values)]
}

const namesOf = (
  one: ReadonlyMap<string, unknown>,
  other: ReadonlyMap<string, unknown>
): ReadonlyArray<string> => [...new Set([...one.keys(), ...other.keys()])].sort()

const diffColumns = (
  before: Table.Any,
  after: Table.Any,
  operators: Array<OperatorDifference>,
  values: Array<ValueDifference>
): ReadonlyArray<Change> =>
  namesOf(before.byName, after.byName).flatMap((name): ReadonlyArray<Change> => {
    const place = { table: before.name, column: name }
    const old = before.byName.get(name)
    const now = after.byName.get(name)
    if (old === undefined) {
      return now === undefined ? [] : [{ _tag: "ColumnAdded", ...place, type: columnType(now) }]
    }
    if (now === undefined) return [{ _tag: "ColumnRemoved", ...place, type: columnType(old) }]
    const isRetyped = old.scalar.name !== now.scalar.name
    if (!isRetyped) {
      operators.push(...diffOperators(`${before.name}.${name}`, old.scalar, now.scalar))
      values.push(...diffValues(`${before.name}.${name}`, old.scalar, now.scalar))
    }
    return [
      ...(isRetyped
        ? [
            {
              _tag: "ColumnRetyped" as const,
              ...place,
              before: old.scalar.name,
              after: now.scalar.name
            }
          ]
        : []),
      ...(old.isNullable === now.isNullable
        ? []
        : [{ _tag: "NullabilityChanged" as const, ...place, isNullable: now.isNullable }])
    ]
  })

/** The type of a column in GraphQL's notation, in which `Int!` is never null. */
const columnType = ({ scalar, isNullable }: Column.Any): string =>
  isNullable ? scalar.name : `${scalar.name}!`

const diffRelationships = (before: Table.Any, after: Table.Any): ReadonlyArray<Change> =>
  namesOf(before.relationships, after.relationships).flatMap((name): ReadonlyArray<Change> => {
    const place = { table: before.name, relationship: name }
    const old = relationshipType(before.relationships.get(name))
    const now = relationshipType(after.relationships.get(name))
    if (old === undefined) {
      return now === undefined ? [] : [{ _tag: "RelationshipAdded", ...place, type: now }]
    }
    if (now === undefined) return [{ _tag: "RelationshipRemoved", ...place, type: old }]
    return old === now ? [] : [{ _tag: "RelationshipRetyped", ...place, before: old, after: now }]
  })

const relationshipType = (
  relationship: Relationship.Relationship<unknown, boolean> | undefined
): string | undefined => {
  if (relationship === undefined) return undefined
  const { name } = relationship.table()
  return relationship.isMany ? `[${name}]` : name
}

interface OperatorDifference {
  readonly scalar: string
  readonly operator: string
  readonly before: string | undefined
  readonly after: string | undefined
  /** The name of the column, as `table.column`. */
  readonly column: string
}

const diffOperators = (
  column: string,
  before: Scalar.Any,
  after: Scalar.Any
): ReadonlyArray<OperatorDifference> => {
  if (before === after) return []
  const old = new Map(Object.entries(operatorTypes(before)))
  const now = new Map(Object.entries(operatorTypes(after)))
  return namesOf(old, now)
    .map((operator) => ({
      scalar: before.name,
      operator,
      before: old.get(operator),
      after: now.get(operator),
      column
    }))
    .filter((difference) => difference.before !== difference.after)
}

/**
 * The changes of operators, reported once for each scalar, because all columns of a scalar have the
 * same operators.
 */
const operatorChanges = (differences: ReadonlyArray<OperatorDifference>): ReadonlyArray<Change> =>
  Object.entries(
    groupBy(differences, ({ scalar, operator, before, after }) =>
      [scalar, operator, before, after].join(" ")
    )
  )
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => {
      const [{ scalar, operator, before, after }] = group
      const what = { scalar, operator, columns: group.map(({ column }) => column) }
      if (after === undefined) return { _tag: "OperatorRemoved", ...what, type: before ?? "" }
      if (before === undefined) return { _tag: "OperatorAdded", ...what, type: after }
      return { _tag: "OperatorRetyped", ...what, before, after }
    })

interface ValueDifference {
  readonly scalar: string
  readonly value: string
  readonly isAdded: boolean
  /** The name of the column, as `table.column`. */
  readonly column: string
}

const diffValues = (
  column: string,
  before: Scalar.Any,
  after: Scalar.Any
): ReadonlyArray<ValueDifference> => {
  const old = new Set(before.values)
  const now = new Set(after.values)
  return [...new Set([...old, ...now])]
    .filter((value) => old.has(value) !== now.has(value))
    .map((value) => ({ scalar: before.name, value, isAdded: now.has(value), column }))
}

/**
 * The changes of the values of enumerations, reported once for each enumeration, because many
 * columns can share an enumeration.
 */
const valueChanges = (differences: ReadonlyArray<ValueDifference>): ReadonlyArray<Change> =>
  Object.entries(
    groupBy(differences, ({ scalar, value, isAdded }) => `${scalar} ${value} ${isAdded}`)
  )
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => {
      const [{ scalar, value, isAdded }] = group
      const columns = group.map(({ column }) => column)
      return { _tag: isAdded ? "ValueAdded" : "ValueRemoved", scalar, value, columns }
    })

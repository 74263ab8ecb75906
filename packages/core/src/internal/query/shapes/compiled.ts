/**
 * Caches operations by the shape of their query (see `shape.ts`). For another query of the same
 * shape, only the values must be encoded.
 */
import * as Either from "effect/Either"
import type { VariableNode } from "graphql"
import type { JsonValue } from "../../../JsonValue.js"
import type { Operation } from "../../../Operation.js"
import type * as Table from "../../../Table.js"
import { makeMemo } from "../../objectMemo.js"
import type { Argument } from "../../scalar/argument.js"
import { encodeOperand } from "../operand.js"
import { VariableList } from "../variables.js"
import type { Shape } from "./shape.js"

/** A variable without its value, and the argument that encodes the value. */
interface Slot {
  readonly name: string
  readonly argument: Argument
}

/** The variables of an operation. The list also records the slot of each variable. */
export class SlotList extends VariableList {
  readonly slots: Array<Slot> = []

  override add(...[wanted, argument, value]: Parameters<VariableList["add"]>): VariableNode {
    const variable = super.add(wanted, argument, value)
    this.slots.push({ name: variable.name.value, argument })
    return variable
  }
}

/** An operation without the values of its variables, because values can be large and secret. */
interface Compiled extends Omit<Operation<unknown>, "variables" | "enums"> {
  readonly enums: ReadonlySet<string>
  readonly slots: ReadonlyArray<Slot>
}

/**
 * The operations, keyed by the text of the shape. Each table has its own map, so the map is freed
 * together with the table.
 */
const shapes = /* @__PURE__ */ makeMemo<Map<string, Compiled>>()

/**
 * The maximum number of shapes in the cache of a table. Most programs have few shapes. A program
 * that builds queries from the choices of its users can have any number of shapes.
 */
const maxShapes = 256

/** Finds the operation of a shape. `undefined` if the shape is new or a value cannot be encoded. */
export const find = (
  table: Table.Any,
  { text, values }: Pick<Shape, "text" | "values">
): Operation<unknown> | undefined => {
  const found = shapes.get(table)?.get(text)
  if (found === undefined || found.slots.length !== values.length) return undefined
  const variables: { [name: string]: JsonValue } = {}
  let index = 0
  for (const { argument, name } of found.slots) {
    // If a value cannot be encoded, the builder builds the query again and reports the error with
    // its place.
    const encoded = encodeOperand(values[index++], argument, "", {})
    if (Either.isLeft(encoded)) return undefined
    variables[name] = encoded.right
  }
  const { decode, document, enums, exact, name } = found
  // The properties are written out, because on Node 20 each property that follows a spread costs a
  // microsecond or two.
  return exact === undefined
    ? { name, document, variables, enums, decode }
    : { name, document, variables, enums, exact, decode }
}

export const keep = (
  table: Table.Any,
  { text }: Pick<Shape, "text">,
  { variables, enums = new Set(), ...operation }: Operation<unknown>,
  slots: ReadonlyArray<Slot>
): void => {
  // An assignment to the property `__proto__` would set the prototype instead of a variable.
  if (Object.hasOwn(variables, "__proto__")) return
  const known = shapes.get(table) ?? new Map<string, Compiled>()
  if (known.size === 0) shapes.set(table, known)
  if (known.size >= maxShapes) known.clear()
  known.set(text, { ...operation, enums, slots })
}

import type { NonNullTypeNode, VariableDefinitionNode, VariableNode } from "graphql"
import type { JsonValue } from "../../JsonValue.js"
import * as Kind from "../graphql/kinds.js"
import type { Argument } from "../scalar/argument.js"

/** The variables of one operation, named in the order of their use. */
export class VariableList {
  readonly #definitions: Array<VariableDefinitionNode> = []
  readonly #values = new Map<string, JsonValue>()
  /** The number that a name was last given with. */
  readonly #numbers = new Map<string, number>()
  readonly #enums = new Set<string>()

  get definitions(): ReadonlyArray<VariableDefinitionNode> {
    return this.#definitions
  }

  get values(): { readonly [name: string]: JsonValue } {
    return Object.fromEntries(this.#values)
  }

  /** The variables that hold values of enums. */
  get enums(): ReadonlySet<string> {
    return this.#enums
  }

  /** Declares a variable of the argument's type and gives the node that stands for it. */
  add(wanted: string, argument: Argument, value: JsonValue): VariableNode {
    const variable: VariableNode = {
      kind: Kind.VARIABLE,
      name: { kind: Kind.NAME, value: this.#free(wanted) }
    }
    this.#values.set(variable.name.value, value)
    if (argument.isEnum) this.#enums.add(variable.name.value)
    this.#definitions.push({
      kind: Kind.VARIABLE_DEFINITION,
      variable,
      type: argument.isList
        ? nonNull({ kind: Kind.LIST_TYPE, type: named(argument) })
        : named(argument)
    })
    return variable
  }

  #free(wanted: string): string {
    for (let number = (this.#numbers.get(wanted) ?? 0) + 1; ; number++) {
      const name = number === 1 ? wanted : `${wanted}_${number}`
      if (this.#values.has(name)) continue
      this.#numbers.set(wanted, number)
      return name
    }
  }
}

// A comparison with null is refused, so no variable is nullable.
const named = (argument: Argument): NonNullTypeNode => nonNull(parseType(argument.type))

/** `Int`, `[Int!]` and the like: the scalars' own spelling, so no parser is needed for more. */
const parseType = (text: string): NonNullTypeNode["type"] => {
  const element = /^\[(.*)!\]$/.exec(text)?.[1]
  return element === undefined
    ? { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: text } }
    : { kind: Kind.LIST_TYPE, type: nonNull(parseType(element)) }
}

const nonNull = (type: NonNullTypeNode["type"]): NonNullTypeNode => ({
  kind: Kind.NON_NULL_TYPE,
  type
})

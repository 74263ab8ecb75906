import type { VariableDefinitionNode, VariableNode } from "graphql"
import type { JsonValue } from "../../JsonValue.js"
import * as Ast from "../graphql/ast.js"
import type { Argument } from "../scalar/argument.js"

/**
 * The variables of one operation. If the name of a variable is already used, the variable gets a
 * number at the end of its name.
 */
export class VariableList {
  readonly #definitions: Array<VariableDefinitionNode> = []
  readonly #values = new Map<string, JsonValue>()
  /** The last number that was added to each name. */
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

  /** Declares a variable of the argument's type and returns its node. */
  add(wanted: string, argument: Argument, value: JsonValue): VariableNode {
    const variable: VariableNode = {
      kind: Ast.VARIABLE,
      name: Ast.name(this.#free(wanted))
    }
    this.#values.set(variable.name.value, value)
    if (argument.isEnum) this.#enums.add(variable.name.value)
    this.#definitions.push({
      kind: Ast.VARIABLE_DEFINITION,
      variable,
      // Comparisons with null are rejected, so no variable is nullable.
      type: argument.isList ? Ast.listOf(argument.type) : Ast.neverNull(argument.type)
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

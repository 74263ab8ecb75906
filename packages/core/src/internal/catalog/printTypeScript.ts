/**
 * Prints the TypeScript expressions and declarations that a catalogue needs. The line breaks are
 * where Biome and Prettier put them if lines have at most 100 characters.
 */

const lineWidth = 100

/**
 * An expression in two forms: on one line, and on several lines. On several lines, each line after
 * the first is indented.
 */
interface Expression {
  /** The expression on one line. `undefined` if it must be written on several lines. */
  readonly flat: string | undefined
  /**
   * Whether the first of several lines is only a bracket. If the expression is the last argument of
   * a call, the other arguments can stay on the first line.
   */
  readonly isBracketed: boolean
  readonly broken: (indent: string, startsAt: number) => string
}

/** An expression without a place for a line break. */
export const atom = (text: string): Expression => ({
  flat: text,
  isBracketed: false,
  broken: () => text
})

/** A string in the quotes that need fewer escapes. */
export const literal = (text: string): Expression => {
  const json = JSON.stringify(text)
  const inner = json.slice(1, -1)
  const doubles = text.split('"').length
  const singles = text.split("'").length
  return atom(doubles > singles ? `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : json)
}

export const list = (elements: ReadonlyArray<string>): Expression => ({
  flat: `[${elements.join(", ")}]`,
  isBracketed: true,
  broken: (indent) =>
    `[\n${elements.map((element) => `${indent}  ${element}`).join(",\n")}\n${indent}]`
})

export interface Property {
  readonly name: string
  readonly value: Expression
}

/** An object on several lines, with one line for each property. */
export const expandedObject = (properties: ReadonlyArray<Property>): Expression => ({
  flat: properties.length === 0 ? "{}" : undefined,
  isBracketed: true,
  broken: (indent) =>
    `{\n${properties
      .map(({ name, value }, index) => {
        const isLast = index === properties.length - 1
        return property(name, value, `${indent}  `, isLast ? "" : ",")
      })
      .join("\n")}\n${indent}}`
})

/** An object on one line, or on several lines if it does not fit on one line. */
export const object = (properties: ReadonlyArray<Property>): Expression => ({
  ...expandedObject(properties),
  flat:
    properties.length === 0
      ? "{}"
      : `{ ${properties.map(({ name, value }) => `${key(name)}: ${value.flat}`).join(", ")} }`
})

export const call = (callee: string, parameters: ReadonlyArray<Expression>): Expression => {
  const flats = parameters.map(({ flat }) => flat)
  const last = parameters.at(-1)
  const head = `${callee}(${flats
    .slice(0, -1)
    .map((flat) => `${flat}, `)
    .join("")}`
  return {
    flat: flats.includes(undefined) ? undefined : `${callee}(${flats.join(", ")})`,
    isBracketed: false,
    broken: (indent, startsAt) => {
      if (last?.isBracketed && startsAt + head.length + 1 <= lineWidth) {
        return `${head}${last.broken(indent, startsAt + head.length)})`
      }
      const inner = `${indent}  `
      const lines = parameters.map((parameter) => {
        const width = lineWidth - (parameter === last ? 0 : ",".length)
        return parameter.flat !== undefined && inner.length + parameter.flat.length <= width
          ? inner + parameter.flat
          : inner + parameter.broken(inner, inner.length)
      })
      return `${callee}(\n${lines.join(",\n")}\n${indent})`
    }
  }
}

export const declaration = (head: string, value: Expression): string =>
  assignment(`${head} =`, value, "", "")

/** Declares a function that has no parameters and returns the value. */
export const functionOf = (name: string, type: string, value: Expression): string =>
  `function ${name}(): ${type} {\n${assignment("  return", value, "  ", "")}\n}`

const property = (name: string, value: Expression, indent: string, end: string): string =>
  assignment(`${indent}${key(name)}:`, value, indent, end)

const assignment = (head: string, value: Expression, indent: string, end: string): string => {
  const startsAt = head.length + 1
  if (value.flat !== undefined && startsAt + value.flat.length + end.length <= lineWidth) {
    return `${head} ${value.flat}${end}`
  }
  const isAtom = value.flat === value.broken(indent, startsAt)
  if (isAtom || (value.isBracketed && startsAt + 1 > lineWidth)) {
    const inner = `${indent}  `
    return `${head}\n${inner}${value.broken(inner, inner.length)}${end}`
  }
  return `${head} ${value.broken(indent, startsAt)}${end}`
}

/** The key of a property. Without quotes and brackets, `__proto__` would set the prototype. */
const key = (name: string): string => (name === "__proto__" ? '["__proto__"]' : name)

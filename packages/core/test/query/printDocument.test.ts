import { assert, describe, it } from "@effect/vitest"
import * as Operation from "@innerspace-metrics/core/Operation"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { parse, print, type ValueNode } from "graphql"

const operation = (document: string): Operation.Operation<unknown> => ({
  name: "test",
  document: parse(document),
  variables: {},
  decode: Either.right
})

const documents = [
  "query Named { a { b c: d } }",
  'query ($a: Int = 1, $b: [[String!]]! = ["x"] @d) @d(x: $a) { a(b: $b) @include(if: $a) { c } }',
  "subscription S { s(batch: 10) { a } }",
  "query A { ...F ... on T @d { a } ... { b } ... @skip(if: true) { c } }\nfragment F on T @d(a: {b: [1, 2.5e3, null, true, E], c: {}}) { x }",
  `query Long { first: field(${Array.from({ length: 12 }, (_, index) => `argument${index}: ${index}`).join(", ")}) { inner(${Array.from({ length: 12 }, (_, index) => `argument${index}: "${index}"`).join(", ")}) } }`,
  'query Text { a(b: "\\"quoted\\" \\\\ \\n \\t \\u007f é 😀") }'
]

describe("documents as text", () => {
  for (const document of documents) {
    it(`a document is printed as graphql prints it: ${document.slice(0, 40)}`, () => {
      const text = Operation.toText(operation(document))
      assert.strictEqual(text.toLowerCase(), print(parse(document)).toLowerCase())
    })
  }

  it("a printed document has the same meaning, whatever the text in it", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.fullUnicodeString(), (value) => {
        const document = parse(`{ a(b: ${JSON.stringify(value)}) }`)
        const text = Operation.toText({ ...operation("{ a }"), document })
        assert.strictEqual(valueOf(text), value)
      })
    )
  })

  it("definitions of types are not printed, because nothing executes them", () => {
    assert.strictEqual(Operation.toText(operation("type T { a: Int }\n{ a }")), "query {\n  a\n}")
  })
})

const valueOf = (text: string): unknown => {
  const values: Array<ValueNode> = []
  for (const definition of parse(text).definitions) {
    if (definition.kind !== "OperationDefinition") continue
    for (const selection of definition.selectionSet.selections) {
      if (selection.kind !== "Field") continue
      values.push(...(selection.arguments ?? []).map(({ value }) => value))
    }
  }
  const [value] = values
  return value?.kind === "StringValue" ? value.value : undefined
}

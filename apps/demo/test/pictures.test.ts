import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { parse, print } from "graphql"
import { document } from "../src/pictures/document.js"
import { heatMap } from "../src/pictures/heatMap.js"
import { lineChart } from "../src/pictures/lineChart.js"
import { progressBar } from "../src/pictures/progressBar.js"
import { roundStep } from "../src/pictures/scale.js"

describe("document", () => {
  it.prop(
    "document breaks lines without changing the query, for any strings",
    [FastCheck.array(FastCheck.string(), { minLength: 1, maxLength: 8 })],
    ([strings]) => {
      const values = strings.map((text) => `{name: {_eq: ${JSON.stringify(text)}, _neq: "]}, {"}}`)
      const text = print(parse(`{ rows(where: {_and: [${values.join(", ")}]}) { id } }`))
      assert.strictEqual(print(parse(document(text))), text)
    }
  )

  it("document breaks only lines that are too long", () => {
    const short = 'query q {\n  rows(where: {_and: [{a: {_eq: 1}}, {b: {_eq: "x"}}]})\n}'
    assert.strictEqual(document(short), short)
  })
})

describe("heatMap", () => {
  it("heatMap distinguishes no value, 0 and the smallest value, and draws the largest darkest", () => {
    const [, row] = heatMap({
      columns: ["00", "01", "02", "03", "04"],
      rows: [{ label: "Mon", cells: [undefined, 0, 0.1, 100, undefined] }],
      unit: "people"
    }).split("\n")
    assert.strictEqual(row, "Mon    · ░ ██")
  })
})

describe("lineChart", () => {
  it("lineChart has a column for each value and starts at 0", () => {
    const lines = lineChart({
      values: [10, 20, 30, 30],
      names: new Map([
        [0, "a"],
        [3, "d"]
      ])
    }).split("\n")
    assert.match(lines[0] ?? "", /^30┤ +┏?━/)
    assert.match(lines.at(-3) ?? "", /^ 0┤/)
    assert.match(lines.at(-1) ?? "", /^ +a +d$/)
  })
})

describe("progressBar", () => {
  it.prop(
    "progressBar has a fixed width, grows, and is full only at the end",
    [FastCheck.integer({ min: 1, max: 5_000 }), FastCheck.nat(5_000)],
    ([total, some]) => {
      const done = Math.min(some, total)
      const bar = progressBar({ done, total, text: "" }).trimEnd()
      const full = bar.replaceAll("░", "").length
      assert.strictEqual(bar.length, 32)
      assert.strictEqual(full === 32, done === total)
      assert.isAtMost(Math.abs(full - (32 * done) / total), 1)
    }
  )
})

describe("roundStep", () => {
  it.prop(
    "roundStep reaches the largest value, and leaves less than half of the scale empty",
    [FastCheck.double({ min: 10, max: 1e9, noNaN: true }), FastCheck.integer({ min: 1, max: 10 })],
    ([largest, parts]) => {
      const reach = parts * roundStep(largest, parts)
      assert.isAtLeast(reach, largest)
      assert.isAtMost(reach, 2 * largest)
    }
  )
})

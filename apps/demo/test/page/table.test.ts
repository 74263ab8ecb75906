import { assert, describe, it } from "@effect/vitest"
import { toCsv } from "../../page/model/Table.js"

describe("toCsv", () => {
  it("toCsv quotes cells if needed, and leaves gaps empty", () => {
    assert.strictEqual(
      toCsv({
        columns: ["floor", "people"],
        rows: [
          ['1. OG, "Mitte"', 3.5],
          ["2. OG", null],
          ["a\nb", 0]
        ]
      }),
      'floor,people\r\n"1. OG, ""Mitte""",3.5\r\n2. OG,\r\n"a\nb",0\r\n'
    )
  })

  it("toCsv escapes names that look like formulas, but not negative numbers", () => {
    assert.strictEqual(
      toCsv({
        columns: ["name", "x"],
        rows: [
          ["=1+1", -1],
          ["@sum", 0],
          ["-x", 0]
        ]
      }),
      "name,x\r\n'=1+1,-1\r\n'@sum,0\r\n'-x,0\r\n"
    )
  })
})

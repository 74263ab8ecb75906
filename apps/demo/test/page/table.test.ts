import { assert, describe, it } from "@effect/vitest"
import { toCsv } from "../../page/model/Table.js"

describe("toCsv", () => {
  it("quotes what needs it, and leaves gaps empty", () => {
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

  it("lets no name become a formula, and leaves negative numbers alone", () => {
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

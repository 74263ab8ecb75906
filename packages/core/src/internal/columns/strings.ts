/** The strings of a column of texts, which are made when they are first asked for. */
import type { Texts } from "../../ColumnBatch.js"

export const stringsOf = (column: Texts): ReadonlyArray<string> => {
  const { bytes, offsets } = column
  const known = made.get(offsets)
  if (known !== undefined) return known
  const strings: Array<string> = new Array(Math.max(0, offsets.length - 1))
  for (let text = 0; text < strings.length; text++) {
    strings[text] = decoder.decode(bytes.subarray(offsets[text], offsets[text + 1]))
  }
  made.set(offsets, strings)
  return strings
}

/** By their offsets, which the slices of a column with codes share. */
const made = /* @__PURE__ */ new WeakMap<Int32Array, ReadonlyArray<string>>()

/** A text may begin with U+FEFF, which is not a mark there. */
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true })

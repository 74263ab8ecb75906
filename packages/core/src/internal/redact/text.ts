/**
 * Redacts secrets in a text, even if characters of a secret are escaped.
 *
 * The text and the secret are first changed to codes. A character and every escape for it (in a
 * form, in JSON or in HTML) become the same code. An escape that is escaped again, as in JSON
 * within JSON, also becomes this code. One pass then searches the codes of the text for the codes
 * of the secret. The time is therefore proportional to the length of the text, whatever the text
 * contains.
 */
import * as Redacted from "effect/Redacted"

export const strikeOutText = (
  text: string,
  secrets: ReadonlyArray<Redacted.Redacted<string>>
): string => {
  const spans: Array<Span> = []
  let read: Codes | undefined
  for (const secret of secrets) {
    const { asIs, beginning, hasBlank, shortest, spelled } = patternsOf(secret)
    if (text.length < shortest) continue
    // A text without escapes and without the first characters of the secret needs no search. This
    // is true for most texts, and the two checks are fast.
    const hasEscape = /[%&\\]/.test(text) || (hasBlank && text.includes("+"))
    if (!hasEscape && !text.includes(beginning)) continue
    // The text is first searched without decoding escapes. The characters before the secret may
    // look like the beginning of an escape, and decoding this escape would change the secret's
    // first characters.
    find(
      asIs,
      text.length,
      (at) => text.charCodeAt(at),
      (at) => at,
      spans
    )
    if (!hasEscape) continue
    read ??= codesOf(text)
    const { codes, starts } = read
    find(
      spelled,
      codes.length,
      (at) => codes[at],
      (at) => starts[at] ?? text.length,
      spans
    )
  }
  return spans.length === 0 ? text : without(text, spans)
}

type Span = readonly [start: number, end: number]

interface Patterns {
  readonly asIs: Pattern
  readonly spelled: Pattern
  /** The secret's first characters. A search for them is fast. */
  readonly beginning: string
  readonly hasBlank: boolean
  /** The length of the shortest text that can contain the secret. */
  readonly shortest: number
}

/** Caches the patterns of a secret, because the same secret is searched in many texts. */
const known = /* @__PURE__ */ new WeakMap<Redacted.Redacted<string>, Patterns>()

const patternsOf = (secret: Redacted.Redacted<string>): Patterns => {
  const found = known.get(secret)
  if (found !== undefined) return found
  const text = Redacted.value(secret)
  const { codes } = codesOf(text)
  const patterns = {
    asIs: patternOf(Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))),
    spelled: patternOf(codes),
    beginning: text.slice(0, 6),
    hasBlank: text.includes(" "),
    shortest: text === "" ? Number.POSITIVE_INFINITY : Math.min(text.length, codes.length)
  }
  known.set(secret, patterns)
  return patterns
}

/**
 * A pattern for the search algorithm of Knuth, Morris and Pratt. `borders[n]` is a number for the
 * first `n` codes of the pattern: the length of the longest sequence of fewer than `n` codes that
 * is both the beginning and the end of these `n` codes.
 */
interface Pattern {
  readonly codes: ReadonlyArray<number>
  readonly borders: ReadonlyArray<number>
}

const patternOf = (codes: ReadonlyArray<number>): Pattern => {
  const borders = [0, 0]
  for (let at = 1; at < codes.length; at++) {
    borders.push(longer({ codes, borders }, borders[at] ?? 0, codes[at]))
  }
  return { codes, borders }
}

/**
 * The number of codes of the pattern that match after the code `next`. Before it, `length` codes
 * matched.
 */
const longer = ({ borders, codes }: Pattern, length: number, next: number | undefined): number => {
  let rest = length
  while (rest > 0 && codes[rest] !== next) rest = borders[rest] ?? 0
  return codes[rest] === next ? rest + 1 : 0
}

const find = (
  pattern: Pattern,
  length: number,
  codeAt: (at: number) => number | undefined,
  startAt: (at: number) => number,
  spans: Array<Span>
): void => {
  const whole = pattern.codes.length
  let part = 0
  for (let at = 0; at < length && whole > 0; at++) {
    part = longer(pattern, part, codeAt(at))
    if (part === whole) {
      spans.push([startAt(at - whole + 1), startAt(at + 1)])
      part = pattern.borders[whole] ?? 0
    }
  }
}

const without = (text: string, spans: Array<Span>): string => {
  let rest = ""
  let end = 0
  for (const [from, to] of spans.sort(([a], [b]) => a - b)) {
    if (from >= end) rest += `${text.slice(end, from)}<redacted>`
    end = Math.max(end, to)
  }
  return rest + text.slice(end)
}

/** The codes of a text, and where in the text each code starts. */
interface Codes {
  readonly codes: Array<number>
  readonly starts: Array<number>
}

const [hash, percent, ampersand, semicolon, backslash] = [35, 37, 38, 59, 92]
const [letterU, letterX] = [117, 120]

const codesOf = (text: string): Codes => {
  // Both arrays begin with padding, because reading an index below 0 is slow. The variable `length`
  // counts the codes, because a change of the arrays' own length for each escape would also be
  // slow.
  const codes: Array<number> = Array.from({ length: longestEntity }, () => 0)
  const starts = [...codes]
  let length = longestEntity

  const push = (code: number, start: number): void => {
    codes[length] = code
    starts[length++] = start
  }

  /** Adds a character. If it completes an escape, the escaped character replaces the escape. */
  const add = (character: number, start: number): void => {
    if (character > 127) {
      addUtf8(character, start)
      return
    }
    push(character < 33 ? (alike.get(character) ?? character) : character, start)
    if (codes[length - 3] === percent) replace(3, numberAt(2, 16))
    else if (codes[length - 6] === backslash && codes[length - 5] === letterU) {
      replace(6, numberAt(4, 16))
    } else if (codes[length - 4] === backslash && codes[length - 3] === letterX) {
      replace(4, numberAt(2, 16))
    } else if (character === semicolon) {
      let size = 4
      while (size < longestEntity && codes[length - size] !== ampersand) size++
      if (codes[length - size] === ampersand) replace(size, entityAt(size))
    }
  }

  /** Adds a character that is not ASCII as its UTF-8 bytes, because a form escapes each byte. */
  const addUtf8 = (character: number, start: number): void => {
    const before = codes[length - 1] ?? 0
    if (character >>> 10 === firstHalf) {
      push(character, start)
      return
    }
    const isPair = character >>> 10 === secondHalf && before >>> 10 === firstHalf
    const from = isPair ? (starts[--length] ?? 0) : start
    const whole = (isPair ? String.fromCharCode(before) : "") + String.fromCodePoint(character)
    for (const byte of encoder.encode(whole)) push(byte, from)
  }

  /**
   * Replaces an escape of `size` codes by the escaped character, whose code is `meant`. If `meant`
   * is NaN, the codes are not an escape, and stay unchanged.
   */
  const replace = (size: number, meant: number): void => {
    if (!(meant <= 0x10ffff)) return
    let first = length - size
    if (codes[first] === backslash) {
      // JSON within JSON writes each backslash twice, so the backslashes before this backslash
      // belong to the escape if they take the same number of characters in the text. A backslash
      // that takes another number of characters belongs to another escape.
      const width = widthAt(first)
      while (codes[first - 1] === backslash && widthAt(first - 1) === width) first--
    }
    length = first
    const start = starts[first] ?? 0
    // In a form, an escape such as `%E2` is one byte of the UTF-8 of a character.
    if (size === 3 && meant > 127) push(meant, start)
    else add(meant, start)
  }

  const widthAt = (at: number): number => (starts[at + 1] ?? 0) - (starts[at] ?? 0)

  const numberAt = (digits: number, base: number, end = length): number => {
    let number = 0
    for (let at = end - digits; at < end; at++) {
      number = number * base + digitOf(codes[at] ?? 0, base)
    }
    return number
  }

  const entityAt = (size: number): number => {
    const first = length - size + 1
    if (codes[first] === hash) {
      const isHex = codes[first + 1] === letterX || codes[first + 1] === 88
      return isHex ? numberAt(size - 4, 16, length - 1) : numberAt(size - 3, 10, length - 1)
    }
    const name = String.fromCharCode(...codes.slice(first, length - 1))
    return names.get(name.toLowerCase()) ?? Number.NaN
  }

  for (let at = 0; at < text.length; at++) add(text.charCodeAt(at), at)

  // In JSON, a backslash and one character, such as `\"`, stand for this character. The escapes in
  // `alike` are an exception. The number of backslashes before the character depends on how often
  // the text was escaped, so all backslashes are removed.
  let kept = 0
  let start = -1
  for (let at = longestEntity; at < length; at++) {
    if (start < 0) start = starts[at] ?? 0
    const code = codes[at] ?? 0
    if (code === backslash) continue
    codes[kept] = code
    starts[kept++] = start
    start = -1
  }
  codes.length = kept
  starts.length = kept
  return { codes, starts }
}

const digitOf = (code: number, base: number): number => {
  if (code >= 48 && code < 58) return code - 48
  const letter = (code | 32) - 87
  return letter >= 10 && letter < base ? letter : Number.NaN
}

/**
 * The upper six bits of the first half of a surrogate pair (UTF-16). The next constant is for the
 * second half.
 */
const firstHalf = 0x36
const secondHalf = 0x37

const encoder = /* @__PURE__ */ new TextEncoder()

/**
 * The codes of some characters, each with the code of the character that stands for it: a form
 * writes `+` for a space, and JSON writes the `n` of `\n` for a line break.
 */
const alike: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [8, 98],
  [9, 116],
  [10, 110],
  [12, 102],
  [13, 114],
  [32, 43]
])

const longestEntity = 12

/** The names of characters in HTML, for the characters that a credential can contain. */
const names: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ["amp", 38],
  ["apos", 39],
  ["equals", 61],
  ["gt", 62],
  ["lt", 60],
  ["plus", 43],
  ["quot", 34],
  ["sol", 47]
])

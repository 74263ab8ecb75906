/**
 * Tests that a secret is found in every spelling of its characters, and that nothing else is
 * removed.
 */
import { assert, describe, it } from "@effect/vitest"
import * as HttpExchange from "@innerspace-metrics/core/HttpExchange"
import * as FastCheck from "effect/FastCheck"
import * as Redacted from "effect/Redacted"

const strikeOut = (text: string, ...secrets: ReadonlyArray<string>) =>
  HttpExchange.strikeOut(
    text,
    secrets.map((secret) => Redacted.make(secret))
  )

type Spell = (text: string) => string

const codes = (text: string) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0")
const lowerHex: Spell = (text) => text.replace(/%../g, (escape) => escape.toLowerCase())
const form: Spell = (text) => new URLSearchParams({ "": text }).toString().slice(1)
const json: Spell = (text) => JSON.stringify(text).slice(1, -1)
const html: Spell = (text) =>
  text.replace(
    /[&<>"']/g,
    (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? "&#39;"
  )

/** The forms in which servers, frameworks and error pages echo a request. */
const spellings: { readonly [name: string]: Spell } = {
  "as it is": (text) => text,
  "a form": form,
  "a form, lower-case hex": (text) => lowerHex(form(text)),
  "a URL": encodeURIComponent,
  "a URL, lower-case hex": (text) => lowerHex(encodeURIComponent(text)),
  "a form, every byte": (text) =>
    [...new TextEncoder().encode(text)].map((byte) => `%${hex(byte, 2)}`).join(""),
  JSON: json,
  "JSON, slashes escaped": (text) => json(text).replaceAll("/", "\\/"),
  "JSON, safe in HTML": (text) =>
    json(text).replace(/[<>&'+=/]/g, (c) => `\\u${hex(c.charCodeAt(0), 4)}`),
  "JSON, every character": (text) =>
    codes(text)
      .map((code) => `\\u${hex(code, 4)}`)
      .join(""),
  "JSON, every character, upper-case hex": (text) =>
    codes(text)
      .map((code) => `\\u${hex(code, 4).toUpperCase()}`)
      .join(""),
  HTML: html,
  "HTML, decimal": (text) => [...text].map((c) => `&#${c.codePointAt(0)};`).join(""),
  "HTML, hexadecimal": (text) =>
    [...text].map((c) => `&#x${hex(c.codePointAt(0) ?? 0, 4)};`).join(""),
  "HTML, upper-case hexadecimal": (text) =>
    [...text].map((c) => `&#X${hex(c.codePointAt(0) ?? 0, 2).toUpperCase()};`).join("")
}

const spelling = FastCheck.constantFrom(...Object.keys(spellings))

const secret = FastCheck.stringOf(
  FastCheck.oneof(
    FastCheck.constantFrom(..."abc012/+=&<>'\"\\%;#. ~-_\n\t"),
    FastCheck.char(),
    FastCheck.constantFrom("\u00fc", "\u20ac", "\u{1f511}", "%2f", "&amp;", "\\/", "\\n")
  ),
  { minLength: 8, maxLength: 40 }
)
  // A secret begins and ends with a letter, so it cannot begin or end with the text around it.
  .filter((text) => /^[a-z]/.test(text) && /[a-z]$/.test(text) && !/\\[ux]/.test(text))

describe("redaction of secrets", () => {
  for (const name of Object.keys(spellings)) {
    it.prop(`a secret is redacted in the spelling of: ${name}`, [secret], ([secret]) => {
      const spelled = spellings[name]?.(secret) ?? ""
      assert.strictEqual(strikeOut(`no "${spelled}" here`, secret), 'no "<redacted>" here')
    })
  }

  it.prop(
    "a secret is redacted if its spelling is escaped again, up to three times",
    [secret, spelling, spelling, spelling],
    ([secret, ...names]) => {
      const spelled = names.reduce((text, name) => spellings[name]?.(text) ?? "", secret)
      assert.strictEqual(strikeOut(`[${spelled}]`, secret), "[<redacted>]")
    },
    { fastCheck: { numRuns: 1_000 } }
  )

  it.prop(
    "a secret is redacted if each character is spelled in another way",
    [
      secret,
      FastCheck.infiniteStream(
        FastCheck.constantFrom(
          "HTML, decimal",
          "a form, every byte",
          "JSON, every character",
          "as it is"
        )
      )
    ],
    ([secret, names]) => {
      const spelled = [...secret.replace(/[\\%&;]/g, ".")]
        .map((c) => spellings[names.next().value ?? ""]?.(c) ?? "")
        .join("")
      assert.strictEqual(strikeOut(`[${spelled}]`, secret.replace(/[\\%&;]/g, ".")), "[<redacted>]")
    }
  )

  it.prop(
    "an unescaped secret is redacted, whatever is before and after it",
    [FastCheck.string(), secret, FastCheck.string()],
    ([before, secret, after]) => {
      assert.notInclude(strikeOut(before + secret + after, secret), secret)
    }
  )

  it("every occurrence of each of several secrets is redacted", () => {
    assert.strictEqual(
      strikeOut("s3cret/ s3cret%2F t0ken&amp; s3cret/s3cret\\/", "s3cret/", "t0ken&"),
      "<redacted> <redacted> <redacted> <redacted><redacted>"
    )
    assert.strictEqual(strikeOut("aaaaa", "aa"), "<redacted>")
    assert.strictEqual(strikeOut("a longer secret", "longer", "longer secret"), "a <redacted>")
  })
})

describe("text that is not redacted", () => {
  it.prop(
    "a text without the secret is unchanged",
    [FastCheck.stringOf(FastCheck.constantFrom(..."ab%26&amp;\\u0041\\/\\\\ +;#x"))],
    ([text]) => {
      assert.strictEqual(strikeOut(text, "zyxw/zyxw"), text)
    }
  )

  it("a text is unchanged without secrets or with an empty one", () => {
    assert.strictEqual(strikeOut("a%20b&amp;\\n"), "a%20b&amp;\\n")
    assert.strictEqual(strikeOut("a%20b&amp;\\n", ""), "a%20b&amp;\\n")
  })

  for (const text of ["%zz%2", "&#;&#x;&#xfffffff;&constructor;&amp", "\\u12 \\x", "\\u{41}"]) {
    it(`text that only looks like an escape is unchanged: ${text}`, () => {
      assert.strictEqual(strikeOut(`${text}s3cret/`, "s3cret/"), `${text}<redacted>`)
      assert.strictEqual(strikeOut(`${text} s3cret%2f`, "s3cret/"), `${text} <redacted>`)
    })
  }
})

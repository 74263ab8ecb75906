/**
 * Tests regular expressions and number parsers with texts that a server could choose. Their work
 * may grow with the length of the text, but not with the square of the length.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { assert, describe, it } from "@effect/vitest"
import * as Scalar from "@innerspace-metrics/core/Scalar"
import * as BigDecimal from "effect/BigDecimal"
import * as Either from "effect/Either"
import { isAll } from "../../../../tools/cases.mjs"

const packages = join(import.meta.dirname, "../../..")

/**
 * Finds the regular expressions in source code. The characters that may follow an expression show
 * where the expression ends.
 */
const written =
  /(?<=[(=:,&|!?[{;\s])\/(?![/*\s])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/[\\\n])+)\/([dgimsuvy]*)(?=\s*(?:[.,;):]|$))/gm

const sources = ["core", "node-adapter", "browser-adapter", "sandbox"].flatMap((name) =>
  readdirSync(join(packages, name, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({
      file: `${name}/${file}`,
      code: readFileSync(join(packages, name, "src", file), "utf8")
        .split("\n")
        .filter((line) => !/^\s*(?:\*|\/\*|\/\/)/.test(line))
        .join("\n")
    }))
)

const expressions = new Map(
  sources.flatMap(({ code }) =>
    [...code.matchAll(written)].map(
      ([, source = "", flags = ""]) => [`/${source}/${flags}`, { source, flags }] as const
    )
  )
)

/**
 * The texts that the expressions of the sources repeat. The test repeats each text, between a
 * beginning of `beginnings` and an end of `ends`.
 */
const runs = [
  "1",
  "0",
  "a",
  "A",
  " ",
  "\t",
  "\n",
  "/",
  ".",
  ":",
  ";",
  "; ",
  ",",
  "-",
  "+",
  "@",
  "?",
  "#",
  "=",
  "[",
  "]",
  "'",
  '"',
  "_",
  "e9",
  "1.",
  ".1",
  "a.",
  "a=",
  " a",
  "a ",
  "\\",
  "\u0080",
  "['a']",
  ". Did you mean "
]
const beginnings = ["", "-", "[", "2024-01-01T24:00:00."]
const ends = ["x", "5", "]"]

/**
 * The length of a text, in characters. No machine can do the square of this number of steps within
 * the time limit of one text.
 */
const length = 150_000

/**
 * Runs all expressions on all texts, in a thread that can be stopped. The thread counts the pairs
 * of an expression and a text that are done.
 */
const program = `
  const { beginnings, done, ends, expressions, length, runs } = require("node:worker_threads").workerData
  const made = expressions.map(({ source, flags }) => new RegExp(source, flags))
  for (const beginning of beginnings) for (const run of runs) for (const end of ends) {
    const text = beginning + run.repeat(length / run.length) + end
    for (const expression of made) {
      expression.lastIndex = 0
      expression.test(text)
      Atomics.add(done, 0, 1)
    }
  }
`

/** Returns the expression that does not finish a text within 5 seconds, if there is one. */
const stuck = (all: ReadonlyArray<{ readonly source: string; readonly flags: string }>) =>
  new Promise<string | undefined>((resolve, reject) => {
    const done = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(program, {
      eval: true,
      workerData: { beginnings, done, ends, expressions: all, length, runs }
    })
    let before = -1
    const timer = setInterval(() => {
      const now = Atomics.load(done, 0)
      if (now === before) {
        resolve(all[now % all.length]?.source)
        void worker.terminate()
      }
      before = now
    }, 5_000)
    worker.on("error", reject)
    worker.on("exit", () => {
      clearInterval(timer)
      resolve(undefined)
    })
  })

/** Expressions that a source file makes from a constant and a literal part. */
const composed = {
  "sandbox/internal/database/DataCache.ts 1":
    "^\\d+\\.\\d+\\.\\d+[\\w.-]*-[0-9a-f]{16}-seed-\\d+(?:-until-\\d{4}-\\d{2})?\\.[0-9a-f-]{36}$",
  "sandbox/internal/database/DataCache.ts 2":
    "^innerspace-sandbox-[A-Za-z0-9]{6}(?:\\.[0-9a-f-]{36})?$",
  "sandbox/internal/remote/OwnSchemas.ts 1": "^innerspace_sandbox_([0-9a-f]{8})(?:_|$)",
  "sandbox/internal/signIn/SignInHost.ts 1": "(?:^|; *)a=([^;]+)"
}

describe("regular expressions of the sources", () => {
  it("all regular expressions of the sources are literals or listed in this test", () => {
    assert.isAbove(expressions.size, 40)
    const made = sources.flatMap(({ code, file }) =>
      (code.match(/new RegExp\(/g) ?? []).map((_, index) => `${file} ${index + 1}`)
    )
    assert.deepStrictEqual(made.sort(), Object.keys(composed).sort())
  })

  it.runIf(isAll)(
    "regular expressions take linear time for any text",
    {
      timeout: 300_000
    },
    async () => {
      const all = Object.values(composed).map((source) => ({ source, flags: "" }))
      assert.isUndefined(await stuck([...expressions.values(), ...all]))
    }
  )

  it.runIf(isAll)(
    "the test finds a quadratic regular expression",
    { timeout: 300_000 },
    async () => {
      assert.strictEqual(await stuck([{ source: "^\\d+\\.?\\d*$", flags: "" }]), "^\\d+\\.?\\d*$")
    }
  )
})

describe("numeric text", () => {
  for (const [what, cell] of [
    ["of a huge exponent", "1e999999999"],
    ["of a huge negative exponent", "1e-999999999"],
    ["of a huge exponent with a sign", "-1.5E+1001"],
    ["of an exponent that is itself beyond a number", `1e${"9".repeat(400)}`],
    ["of too many digits", "1".repeat(1_011)],
    ["that is not a number", "1e"]
  ] as const) {
    it(`numeric text ${what} is an error, not a value that would be expanded`, () => {
      assert.isTrue(Either.isLeft(Scalar.numeric.decode(cell)))
    })
  }

  it("numeric text within the bounds is exact, and can be printed and compared", () => {
    for (const cell of [
      "1e1000",
      "-1.5e-1000",
      "1".repeat(1_000),
      "0.1",
      "12345678901234567890.5"
    ]) {
      const value = Either.getOrThrow(Scalar.numeric.decode(cell))
      assert.isAbove(BigDecimal.format(value).length, 0)
      assert.isTrue(BigDecimal.equals(value, BigDecimal.unsafeFromString(cell)))
    }
  })
})

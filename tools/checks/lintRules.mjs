// Proves that each of our lint rules reports its violations by name and accepts clean code.
// Otherwise, a rule that has stopped working would make the repository look clean.

import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")
const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome")

/** The violations that each rule must report. `name` is the rule's name in the report. */
const violations = [
  ...everywhere("no-barrel", 'export * from "effect"\n'),
  ...everywhere("no-barrel", 'export * as Platform from "@effect/platform"\n'),
  ...everywhere("no-barrel", 'export const load = () => import("effect")\n'),
  ...everywhere("no-deep-import", 'export * from "@innerspace-metrics/core/internal/http"\n'),
  ...everywhere("no-deep-import", 'export * from "../../other/src/Query.js"\n'),
  ...everywhere("noImportCycles", 'export { a } from "./cycle.js"\nexport const b = 1\n'),
  ...everywhere("noExplicitAny", "export const read = (value: any): string => String(value)\n"),
  ...everywhere(
    "noNonNullAssertion",
    "export const first = (list: ReadonlyArray<1>) => list[0]!\n"
  ),
  ...everywhere("noTsIgnore", "// @ts-ignore\nexport const word: string = 1\n"),
  ...everywhere(
    "noUnusedImports",
    'import * as Effect from "effect/Effect"\n\nexport const a = 1\n'
  ),
  ...everywhere("noUnusedVariables", "const unused = 1\nexport const used = 2\n"),
  ...everywhere(
    "useImportType",
    'import { type Scope } from "effect/Scope"\n\nexport type S = Scope\n'
  ),
  ...everywhere("useNodejsImportProtocol", 'export * from "fs"\n'),
  ...everywhere("format", "export const   spaced = 1;\n"),
  ...everywhere(
    "organizeImports",
    'import * as Option from "effect/Option"\nimport * as Effect from "effect/Effect"\n\nexport const both = [Effect, Option]\n'
  ),
  ...inSources("noUndeclaredDependencies", 'export * from "undeclared-package"\n'),
  ...inSources("noUndeclaredDependencies", 'export * from "vitest"\n'),
  ...outsideTests("no-type-suppression", "// @ts-expect-error\nexport const word: string = 1\n"),
  ...outsideTests("no-type-suppression", "// @ts-nocheck\nexport const word: string = 1\n"),
  ...inTests("no-type-suppression", "// @ts-nocheck\nexport const word: string = 1\n"),
  ...inLibraries("no-throw", 'export const fail = (): never => {\n  throw new Error("no")\n}\n'),
  ...inLibraries("no-ambient-time", "export const now = () => Date.now()\n"),
  ...inLibraries("no-ambient-time", "export const now = () => new Date()\n"),
  ...inLibraries("no-ambient-time", "export const now = () => performance.now()\n"),
  ...inLibraries("no-ambient-time", "export const later = (f: () => void) => setTimeout(f, 1)\n"),
  ...inLibraries("no-ambient-time", "export const often = (f: () => void) => setInterval(f, 1)\n"),
  ...inLibraries("no-ambient-time", "export const wait = globalThis.setTimeout\n"),
  ...inLibraries("no-ambient-randomness", "export const chance = () => Math.random()\n"),
  ...at("no-bare-undici", 'export * from "undici"\n', [
    "packages/node-adapter/src",
    "packages/browser-adapter/src"
  ]),
  ...inTests("noSkippedTests", 'import { it } from "@effect/vitest"\n\nit.skip("a", () => {})\n'),
  ...inTests("noFocusedTests", 'import { it } from "@effect/vitest"\n\nit.only("a", () => {})\n'),
  ...inTests(
    "no-partial-run",
    'import { it } from "@effect/vitest"\nimport * as Effect from "effect/Effect"\n\nit.effect.skip("a", () => Effect.void)\n'
  ),
  ...imports("arrows: core", "packages/core/src", [
    "@innerspace-metrics/node-adapter",
    "@innerspace-metrics/sandbox/Sandbox",
    "undici",
    "node:fs",
    "@effect/platform-node/NodeHttpClient"
  ]),
  ...imports("arrows: an adapter", "packages/node-adapter/src", [
    "@innerspace-metrics/sandbox",
    "@innerspace-metrics/browser-adapter/BrowserMetrics"
  ]),
  ...imports("arrows: an adapter", "packages/browser-adapter/src", [
    "@innerspace-metrics/sandbox",
    "@innerspace-metrics/node-adapter"
  ]),
  ...imports("arrows: an adapter", "packages/export/src", [
    "@innerspace-metrics/sandbox",
    "@innerspace-metrics/node-adapter"
  ]),
  ...imports("arrows: the command line", "packages/cli/src", [
    "@innerspace-metrics/sandbox",
    "@innerspace-metrics/browser-adapter"
  ]),
  ...imports("no-ambient-time", "packages/node-adapter/src", ["node:timers/promises"]),
  ...imports("noNodejsModules", "packages/browser-adapter/src", ["node:fs"]),
  ...imports("arrows: the sandbox", "packages/sandbox/src", ["@innerspace-metrics/core/Query"]),
  ...imports("arrows: the sandbox", "packages/sandbox/test", ["@innerspace-metrics/core"])
]

/** Code that no rule may report. */
const clean = [
  {
    path: "packages/core/src/Clean.ts",
    source: [
      'import * as HttpClient from "@effect/platform/HttpClient"',
      'import * as Clock from "effect/Clock"',
      'import * as Effect from "effect/Effect"',
      'import type { DocumentNode } from "graphql"',
      'import { print } from "graphql/language/printer.js"',
      'import { a } from "./cycle.js"',
      "",
      "export const BUILDING_INSIGHTS = { building_id: a } as const",
      "",
      "export type building_features = typeof BUILDING_INSIGHTS",
      "",
      "export const ask = (document: DocumentNode, at: number) =>",
      "  Effect.gen(function* () {",
      "    const http = yield* HttpClient.HttpClient",
      "    const now = yield* Clock.currentTimeMillis",
      "    const answer = yield* http.post(print(document))",
      "    return { answer, now, asked: new Date(at), parsed: Date.parse(String(at)) }",
      "  })",
      ""
    ].join("\n")
  },
  {
    path: "packages/node-adapter/src/Clean.ts",
    source: [
      'import { readFile } from "node:fs/promises"',
      'import * as Query from "@innerspace-metrics/core/Query"',
      'import { request } from "undici/index.js"',
      "",
      "export const parts = { readFile, Query, request }",
      ""
    ].join("\n")
  },
  {
    path: "packages/sandbox/src/Clean.ts",
    source: [
      "export const boot = (): number => {",
      '  if (Math.random() > 1) throw new Error("never")',
      "  return Date.now()",
      "}",
      ""
    ].join("\n")
  },
  {
    path: "packages/core/test/Clean.test.ts",
    source: [
      'import { assert, it } from "@effect/vitest"',
      'import * as Query from "@innerspace-metrics/core/Query"',
      'import * as Sandbox from "@innerspace-metrics/sandbox"',
      'import * as Effect from "effect/Effect"',
      'import * as wire from "../src/internal/wire.js"',
      "",
      'it.effect("is typed", () =>',
      "  Effect.sync(() => {",
      "    // @ts-expect-error a name that no table has",
      "    assert.isOk([Query, Sandbox, wire.nothing])",
      "  })",
      ")",
      ""
    ].join("\n")
  },
  {
    path: "apps/demo/src/Clean.ts",
    source: [
      'import * as Query from "@innerspace-metrics/core/Query"',
      'import * as Sandbox from "@innerspace-metrics/sandbox"',
      "",
      "export const parts = { Query, Sandbox, started: Date.now() }",
      ""
    ].join("\n")
  }
]

function everywhere(name, source) {
  return at(name, source, [
    "packages/core/src",
    "packages/node-adapter/src",
    "packages/browser-adapter/src",
    "packages/export/src",
    "packages/sandbox/src",
    "packages/core/test",
    "apps/demo/src"
  ])
}

function inSources(name, source) {
  return at(name, source, [
    "packages/core/src",
    "packages/node-adapter/src",
    "packages/sandbox/src"
  ])
}

function outsideTests(name, source) {
  return at(name, source, [
    "packages/core/src",
    "packages/sandbox/src",
    "apps/demo/src",
    "apps/demo/page",
    "bench/src",
    "docs/.vitepress",
    "examples/script",
    "reliability/src",
    "tools/release"
  ])
}

function inLibraries(name, source) {
  const libraries = [
    "packages/core/src",
    "packages/node-adapter/src",
    "packages/browser-adapter/src",
    "packages/export/src"
  ]
  return at(name, source, libraries)
}

function inTests(name, source) {
  return at(name, source, ["packages/core/test"])
}

function imports(name, directory, modules) {
  return modules.flatMap((module) => at(name, `export * from "${module}"\n`, [directory]))
}

function at(name, source, directories) {
  return directories.map((directory) => ({ name, source, directory }))
}

const scratch = mkdtempSync(join(tmpdir(), "lint-rules-"))
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }))

const write = (path, text) => {
  mkdirSync(dirname(join(scratch, path)), { recursive: true })
  writeFileSync(join(scratch, path), text)
}

for (const file of ["biome.json", "tools/lint", ".gitignore"]) {
  cpSync(join(root, file), join(scratch, file), { recursive: true })
}
const declared = { "@effect/platform": "*", effect: "*", graphql: "*", undici: "*" }
const ours = Object.fromEntries(
  ["core", "node-adapter", "browser-adapter", "export", "sandbox"].map((name) => [
    `@innerspace-metrics/${name}`,
    "*"
  ])
)
for (const directory of new Set(violations.map((violation) => violation.directory))) {
  const manifest = {
    dependencies: { ...declared, ...(directory.startsWith("apps/") ? ours : {}) },
    peerDependencies: { "@innerspace-metrics/core": "*" },
    devDependencies: { ...ours, "@effect/vitest": "*", vitest: "*" }
  }
  write(join(directory, "..", "package.json"), `${JSON.stringify(manifest, null, 2)}\n`)
}
violations.forEach((violation, index) => {
  violation.path = `${violation.directory}/violation${index}.ts`
  write(violation.path, violation.source)
  if (violation.name === "noImportCycles") {
    violation.path = `${violation.directory}/cycle.ts`
    write(violation.path, `export { b } from "./violation${index}.js"\n\nexport const a = 1\n`)
  }
})
for (const { path, source } of clean) write(path, source)

const reports = [...readBiome(), ...readDirectives()]

function readBiome() {
  const options = ["--colors=off", "--reporter=json", "--max-diagnostics=none"]
  const { stdout, stderr } = execute([biome, "ci", ...options])
  try {
    return JSON.parse(stdout).diagnostics.map(({ category, message, location }) => ({
      path: location.path,
      text: `${category} ${message}`
    }))
  } catch {
    console.error(`biome gave no report:\n${stdout}\n${stderr}`)
    process.exit(1)
  }
}

function readDirectives() {
  const { stderr } = execute([join(root, "tools/checks/directives.mjs"), scratch])
  return [...stderr.matchAll(/^(\S+):\d+ (.*)$/gm)].map(([, path, text]) => ({ path, text }))
}

function execute(command) {
  return spawnSync(process.execPath, command, { cwd: scratch, encoding: "utf8" })
}

const problems = []
for (const { name, path, source } of violations) {
  if (!reports.some((report) => report.path === path && report.text.includes(name))) {
    problems.push(`${name} did not report ${path}:\n${source}`)
  }
}
for (const { path } of clean) {
  for (const report of reports.filter((candidate) => candidate.path === path)) {
    problems.push(`${path} is clean and was reported: ${report.text}`)
  }
}

for (const problem of problems) console.error(problem)
console.log(
  `lint rules: ${violations.length} violations and ${clean.length} clean files tried, ${problems.length} problems`
)
process.exit(problems.length === 0 ? 0 : 1)

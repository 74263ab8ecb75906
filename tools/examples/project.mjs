// Compiles examples as a user would: in a project outside of this repository, with only the built
// packages.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { root } from "../environment.mjs"
import { execute } from "../shared/command.mjs"

/**
 * Further packages that an example may import, because users have or install them. Our packages and
 * their peers are always allowed.
 */
const installedByUsers = [
  "@effect/vitest",
  "@types/node",
  "undici",
  "vitest",
  "@auth0/auth0-spa-js",
  "redis",
  "apache-arrow",
  "@duckdb/node-api",
  "@tanstack/react-query",
  "@types/react",
  "@types/react-dom",
  "react",
  "react-dom"
]

/** The repository's own compiler options, without options that examples do not need. */
const compilerOptions = {
  composite: false,
  declaration: false,
  declarationMap: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  types: ["node"],
  rootDir: ".",
  outDir: "out"
}

/**
 * Type-checks and compiles each example separately. `problems` are the errors, each with its
 * `example` and the position in its file. `programOf(example)` is the file to run.
 */
export function compileExamples(examples) {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "examples-")))
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }))
  const write = (file, content) => writeFileSync(join(directory, file), content)

  linkPackages(join(directory, "node_modules"))
  write("package.json", JSON.stringify({ name: "examples", private: true, type: "module" }))
  examples.forEach((example, index) => {
    write(`example${index}.ts`, example.lines.map(({ text }) => `${text}\n`).join(""))
  })
  const config = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions,
    files: examples.map((_, index) => `example${index}.ts`)
  }
  write("tsconfig.json", JSON.stringify(config))

  const { status, output } = execute("tsc", ["-p", ".", "--pretty", "false"], { cwd: directory })
  const problems = status === 0 ? [] : readErrors(output, examples)
  const programOf = (example) => join(directory, "out", `example${examples.indexOf(example)}.js`)
  return { directory, problems, programOf }
}

/**
 * Replaces `example3.ts` and its line number in a text by the file of the example and the line in
 * that file.
 */
export function inPlace(text, examples) {
  return text.replace(/(?:file:\/\/)?[^\s(]*\bexample(\d+)\.ts:(\d+)/g, (whole, index, line) => {
    const example = examples[Number(index)]
    const origin = example?.lines[Number(line) - 1]
    return origin === undefined ? whole : `${example.file}:${origin.line}`
  })
}

function linkPackages(target) {
  for (const [name, directory] of packages()) {
    const link = join(target, name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(directory, link, "junction")
  }
}

/** Our packages, their peers and packages that users install, each with its directory. */
function packages() {
  const found = new Map()
  const homes = readdirSync(join(root, "packages")).map((name) => join("packages", name))
  for (const home of [...homes, "examples"].map((directory) => join(root, directory))) {
    const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8"))
    found.set(manifest.name, home)
    const declared = { ...manifest.dependencies, ...manifest.devDependencies }
    const installed = installedByUsers.filter((dependency) => Object.hasOwn(declared, dependency))
    for (const dependency of [...Object.keys(manifest.peerDependencies ?? {}), ...installed]) {
      found.set(dependency, realpathSync(join(home, "node_modules", dependency)))
    }
  }
  return found
}

function readErrors(output, examples) {
  const errors = []
  for (const line of output.trimEnd().split("\n")) {
    const match = /^example(\d+)\.ts\((\d+),(\d+)\): error (.*)$/.exec(line)
    if (match === null) {
      // Indented lines explain the error above them.
      if (errors.length > 0 && line.startsWith(" ")) errors.at(-1).text += `\n${line}`
      else errors.push({ file: "tsconfig.base.json", line: 1, text: line })
      continue
    }
    const example = examples[Number(match[1])]
    // An error at the end of a file has a line number after the last line.
    const origin = example.lines[Number(match[2]) - 1] ?? { line: example.line, column: 0 }
    const text = `${match[4]} (column ${Number(match[3]) + origin.column})`
    errors.push({ example, file: example.file, line: origin.line, text })
  }
  return errors
}

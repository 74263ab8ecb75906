// Generates a page for each example, with all of its files, and the list of the examples from the
// README of the folder.
//
//   node examples.mjs

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { extname, join, sep } from "node:path"

const home = join(import.meta.dirname, "..", "examples")
const target = join(import.meta.dirname, "examples")

/** Files that pages share, and tests that are part of an example. */
const alsoOf = {
  "effect-app": ["test/effectApp.test.ts"],
  "floor-page": ["page/serve.ts", "test/floorPage.long.test.ts"],
  "react-page": ["page/serve.ts"],
  "tanstack-query": ["page/metrics.ts", "page/WeekTable.tsx", "page/serve.ts"],
  swr: ["page/metrics.ts", "page/WeekTable.tsx", "page/serve.ts"],
  vue: ["page/metrics.ts", "page/serve.ts"],
  svelte: ["page/metrics.ts", "page/serve.ts"]
}

const readme = readFileSync(join(home, "README.md"), "utf8")

/** The rows of the table: name, the file to begin with, what it shows, what it needs. */
const rows = [...readme.matchAll(/^\| \[`([\w-]+)`\]\(([^)]+)\) \| (.*) \| (.*?) ?\|$/gm)].map(
  ([, name, first, shows, needs]) => ({ name, first, shows, needs })
)

const names = readdirSync(home).filter((name) => existsSync(join(home, name, "main.ts")))
const missing = names.filter((name) => !rows.some((row) => row.name === name))
if (missing.length > 0) throw new Error(`examples/README.md has no row for ${missing.join(", ")}`)

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
for (const { name, first, shows, needs } of rows) {
  const own = readdirSync(join(home, name), { recursive: true })
    .map((file) => `${name}/${file.split(sep).join("/")}`)
    .filter((file) => extname(file) !== "")
  const files = [...new Set([first, ...own, ...(alsoOf[name] ?? [])])]
  const text = [
    `# ${name}`,
    "",
    `${sentence(shows)} In a clone of the repository, this command runs it:`,
    "",
    fenced("sh", `npm run example ${name}`),
    "",
    ...(needs === "" ? [] : [`Packages that it uses in addition to the client: ${needs}.`, ""]),
    ...files.flatMap((file) => [`## ${file}`, "", codeOf(file), ""])
  ]
  writeFileSync(join(target, `${name}.md`), text.join("\n"))
}
writeFileSync(
  join(target, "index.md"),
  // A link to a file of an example becomes a link to the page of the example.
  readme.replace(/\]\((\w[\w-]*)\/[^)]*\)/g, (link, name) =>
    names.includes(name)
      ? `](./${name}.md)`
      : link
          .replace(/\(test\/.*\)/, "(./effect-app.md)")
          .replace(/\(page\/.*\)/, "(./tanstack-query.md)")
  )
)
writeFileSync(join(target, "contents.json"), JSON.stringify(rows.map(({ name }) => name)))
console.log(`examples: ${rows.length} pages`)

function sentence(text) {
  // A link in this text leads to another row of the table, which is not on the page of the example.
  const plain = text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`
}

function codeOf(file) {
  return fenced(extname(file).slice(1), readFileSync(join(home, file), "utf8").trimEnd())
}

function fenced(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``
}

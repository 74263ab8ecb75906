// Writes dist/node of the package in the current directory. It contains the built modules in a few
// files, which Node loads faster than many files. One file contains the named modules and all
// modules that they import. Every other module of the package is a separate file that imports this
// file.
//
// Only Node and runtimes that use Node's export conditions load these files. Bundlers load the
// modules in dist, because a bundler leaves out an unused module more reliably than an unused
// statement. `pnpm pack` and `pnpm publish` run this, and `publishConfig.exports` leads to the
// files.
//
//   node ../../tools/release/bundleForNode.mjs MetricsClient Query

import { readFileSync, rmSync } from "node:fs"
import { join, sep } from "node:path"
import { rolldown } from "rolldown"
import { publicModules } from "../shared/tarballs.mjs"

const directory = process.cwd()
const dist = join(directory, "dist")
const target = join(dist, "node")
const fileOf = (name) => join(dist, `${name}.js`)
const inputOf = (names) => Object.fromEntries(names.map((name) => [name, fileOf(name)]))

const isOwn = (id) => id.startsWith(".") || id.startsWith("#") || id.startsWith(dist + sep)

/**
 * A plugin that reads the source map of each built module. The maps of the bundle then lead to the
 * TypeScript sources.
 */
const maps = {
  name: "maps",
  load: (id) => ({
    code: readFileSync(id, "utf8"),
    map: JSON.parse(readFileSync(`${id}.map`, "utf8"))
  })
}

const open = (names) =>
  rolldown({
    input: inputOf(names),
    platform: "node",
    resolve: { conditionNames: ["node", "import"] },
    external: (id) => !isOwn(id),
    plugins: [maps],
    preserveEntrySignatures: "strict"
  })

/**
 * The modules that the named modules load at once. Modules that they load by `import()` are not
 * included.
 */
async function loadedAtOnce(names) {
  const bundle = await open(names)
  const { output } = await bundle.generate({ format: "esm" })
  const modules = new Set()
  const visit = (fileName) => {
    const chunk = output.find((file) => file.fileName === fileName)
    if (chunk === undefined) return
    for (const module of chunk.moduleIds) modules.add(module)
    for (const imported of chunk.imports) visit(imported)
  }
  for (const file of output) if (file.isEntry) visit(file.fileName)
  return modules
}

rmSync(target, { recursive: true, force: true })
const together = await loadedAtOnce(process.argv.slice(2))
const { modules } = publicModules(directory)
const bundle = await open(modules)
await bundle.write({
  dir: target,
  format: "esm",
  sourcemap: true,
  // The sources are left out, because the maps in dist already contain them.
  sourcemapExcludeSources: true,
  entryFileNames: "[name].js",
  chunkFileNames: "internal/[name].js",
  codeSplitting: { groups: [{ name: "together", test: (id) => together.has(id) }] }
})

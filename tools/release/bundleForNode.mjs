// Writes dist/node of the package in the current directory: its built modules in few files, which
// Node loads in less time than many. The modules that are named, and all that they import, are one
// file. Every other module of the package is a file of its own, which imports that file.
//
// Only Node and what follows its conditions load these files. Bundlers load the modules of dist,
// because they leave out an unused module more reliably than an unused statement. `pnpm pack` and
// `pnpm publish` run this, and `publishConfig.exports` leads to the files.
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

/** Reads the maps of built modules, so that those of the bundle lead to the TypeScript sources. */
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

/** The modules that the named ones load at once. What they load by `import()` is not among them. */
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
  // The package ships its sources, and the maps of dist contain them already.
  sourcemapExcludeSources: true,
  entryFileNames: "[name].js",
  chunkFileNames: "internal/[name].js",
  codeSplitting: { groups: [{ name: "together", test: (id) => together.has(id) }] }
})

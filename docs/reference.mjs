// Generates the API reference from the docstrings: one page for each public module.
//
//   node reference.mjs

import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Application } from "typedoc"

const packages = join(import.meta.dirname, "..", "packages")
const target = join(import.meta.dirname, "reference")

rmSync(target, { recursive: true, force: true })
const contents = []
for (const name of ["core", "node-adapter", "browser-adapter", "export", "cli", "sandbox"]) {
  const home = join(packages, name)
  const modules = readdirSync(join(home, "src"), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => entry.name.replace(".ts", ""))
    // A barrel repeats its modules, and a command is not a module.
    .filter((module) => module !== "index" && module !== "bin")
  const out = join(target, name)
  const app = await Application.bootstrapWithPlugins({
    name: `@innerspace-metrics/${name}`,
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: modules.map((module) => join(home, "src", `${module}.ts`)),
    tsconfig: join(home, "tsconfig.src.json"),
    // The build already checks the types, with another compiler than the one of TypeDoc.
    skipErrorChecking: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    disableSources: true,
    readme: "none",
    logLevel: "Warn",
    // A public type may use types that are not exported.
    validation: { notExported: false, invalidLink: true },
    treatValidationWarningsAsErrors: true,
    outputs: [{ name: "markdown", path: out }],
    router: "module",
    entryFileName: "index",
    // Functions come before the types that they use.
    groupOrder: ["Classes", "Functions", "Variables", "*"],
    sort: ["source-order"],
    hideBreadcrumbs: true,
    hidePageHeader: true,
    hidePageTitle: false,
    useCodeBlocks: true,
    // Examples come before parameters.
    blockTagsPreserveOrder: ["@example"],
    expandObjects: false,
    parametersFormat: "table",
    interfacePropertiesFormat: "list"
  })
  const project = await app.convert()
  if (project === undefined) throw new Error(`typedoc could not read ${name}`)
  app.validate(project)
  await app.generateOutputs(project)
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error(`the docstrings of ${name} have problems; see above`)
  }
  // If a package has one module, TypeDoc writes the page of this module as the index.
  if (modules.length === 1) renameSync(join(out, "index.md"), join(out, `${modules[0]}.md`))
  for (const module of modules) {
    const page = join(out, `${module}.md`)
    const [title, ...rest] = readFileSync(page, "utf8").split("\n")
    // An example belongs to what it explains, so it does not get a heading.
    const text = rest
      .join("\n")
      .replace(/^(#+) Example$/gm, "**Example**")
      // The members of a tag are the same for all services, and Effect documents them.
      .replace(/^#### Extends\n\n- `TagClassShape`[\s\S]*?(?=^\*\*\*$|^## )/gm, "")
      // The signature already shows the names of the type parameters.
      .replace(
        /^#+ Type Parameters\n\n\| Type Parameter \|\n\| -+ \|\n(?:\| <a [^|]* `\w+` \|\n)+\n/gm,
        ""
      )
    writeFileSync(
      page,
      [
        modules.length === 1 ? `# ${module}` : title,
        "",
        introductionOf(join(home, "src", `${module}.ts`)),
        text
      ].join("\n")
    )
  }
  writeFileSync(join(out, "index.md"), indexOf(name, modules))
  contents.push({ name: `@innerspace-metrics/${name}`, directory: name, modules })
}
writeFileSync(join(target, "contents.json"), JSON.stringify(contents))
console.log(`reference: ${contents.reduce((sum, { modules }) => sum + modules.length, 0)} modules`)

/** The modules of a package, each with the first paragraph of its docstring. */
function indexOf(name, modules) {
  const rows = modules.map((module) => {
    const [first = ""] = introductionOf(join(packages, name, "src", `${module}.ts`)).split("\n\n")
    return `| [${module}](${module}.md) | ${first.replaceAll("\n", " ")} |`
  })
  return [`# @innerspace-metrics/${name}`, "", "| module | |", "| --- | --- |", ...rows, ""].join(
    "\n"
  )
}

/** The docstring at the head of a module. */
function introductionOf(file) {
  const [, docstring = ""] =
    /^(?:\/\/\/.*\n)?\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, "utf8")) ?? []
  return docstring.replace(/^ *\* ?/gm, "").trim()
}

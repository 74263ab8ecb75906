// Makes empty projects outside of the repository, which install packages from the registry and use
// them.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execute } from "../shared/command.mjs"
import { publicModules } from "../shared/tarballs.mjs"
import { programs } from "./programs.mjs"

/** The types of Node for TypeScript. */
export const nodeTypes = "@types/node@20"

const compilerOptions = {
  target: "ES2022",
  strict: true,
  exactOptionalPropertyTypes: true,
  // Checks all published declarations, not only the declarations that a program uses.
  skipLibCheck: false,
  types: ["node"]
}

const resolutions = {
  node16: { module: "node16", moduleResolution: "node16" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" }
}

/** How each package manager starts a project and adds packages. */
const managers = {
  npm: {
    configuration: () => {},
    install: (specifiers) => ["npm", ["install", "--loglevel", "error", ...specifiers]]
  },
  pnpm: {
    // pnpm must accept versions that are only a minute old, and must not write into the cache of
    // this machine.
    configuration: (project, scratch) =>
      project.write(
        "pnpm-workspace.yaml",
        JSON.stringify({
          minimumReleaseAge: 0,
          strictPeerDependencies: true,
          cacheDir: join(scratch, "pnpm-cache"),
          storeDir: join(scratch, "pnpm-store"),
          allowBuilds: { "msgpackr-extract": false }
        })
      ),
    install: (specifiers) => ["pnpm", ["add", ...specifiers]]
  }
}

/**
 * Makes an empty project, `{ directory, write, run, install }`. `run` returns `{ status, output }`.
 */
export function emptyProject(scratch, name, manager, env) {
  const directory = join(scratch, "consumers", name)
  mkdirSync(directory, { recursive: true })
  const project = {
    directory,
    write: (file, text) => writeFileSync(join(directory, file), text),
    run: (command, options, more = {}) =>
      execute(command, options, { cwd: directory, env: { ...env, ...more } }),
    install: (specifiers) => project.run(...managers[manager].install(specifiers))
  }
  project.write("package.json", JSON.stringify({ name, private: true, type: "module" }))
  managers[manager].configuration(project, scratch)
  return project
}

/**
 * A version of Node from the registry for this machine. `specifier` names its package, and
 * `command` is its path in a project.
 */
export function nodeOf(version) {
  const platform = process.platform === "win32" ? "win" : process.platform
  const name = `node-${platform}-${process.arch}`
  return {
    specifier: `${name}@${version}`,
    command: join("node_modules", name, "bin", platform === "win" ? "node.exe" : "node"),
    // By Node's documentation, `require` of ES modules was added in 20.19.
    canRequire: version.localeCompare("20.19", "en", { numeric: true }) >= 0
  }
}

/** The Node that runs this program. */
const ownNode = { command: "node", canRequire: true }

/** Installs the packages and uses them on Node. Returns checks `[title, "" or the problem]`. */
export function useOnNode(project, { node = ownNode, packages, peers = [], typescript }, sandbox) {
  const tools = [
    nodeTypes,
    ...(node.specifier === undefined ? [] : [node.specifier]),
    ...(typescript === undefined ? [] : [`typescript@${typescript}`])
  ]
  const installed = project.install([...packages, ...peers, ...tools])
  if (installed.status !== 0) return [["install", installed.output]]

  const names = readdirSync(join(project.directory, "node_modules", "@innerspace-metrics"))
    .map((name) => `@innerspace-metrics/${name}`)
    .filter(
      (name) => packages.some((specifier) => specifier.startsWith(name)) || peers.length === 0
    )
  const modules = names.flatMap((name) => modulesOf(project, name))
  const uses = programs(names)
  for (const { name, text } of uses) project.write(`${name}.ts`, text)
  project.write("import.mjs", `for (const name of ${JSON.stringify(modules)}) await import(name)\n`)
  project.write("require.cjs", `for (const name of ${JSON.stringify(modules)}) require(name)\n`)
  project.write("required.cts", requiringText(names))

  const files = uses.map(({ name }) => `${name}.ts`)
  const tsc = typescript === undefined ? "tsc" : join("node_modules", ".bin", "tsc")
  const compile = (resolution, more) => {
    const config = `tsconfig.${resolution}.json`
    const options = { ...compilerOptions, ...resolutions[resolution], outDir: `out-${resolution}` }
    project.write(config, JSON.stringify({ compilerOptions: options, files: [...files, ...more] }))
    return project.run(tsc, ["-p", config])
  }
  return [
    ["install", ""],
    [`import ${modules.length} modules`, wrong(project.run(node.command, ["import.mjs"]))],
    ...(node.canRequire
      ? [[`require ${modules.length} modules`, wrong(project.run(node.command, ["require.cjs"]))]]
      : []),
    // In the mode node16, a CommonJS module cannot `require` an ES module.
    ["types: nodenext, CommonJS", wrong(compile("nodenext", ["required.cts"]))],
    // These modes are checked with one compiler only. Both compilers resolve modules in the same
    // way, but the older compiler takes ten times as long.
    ...(typescript === undefined ? ["node16", "bundler"] : []).map((resolution) => [
      `types: ${resolution}`,
      wrong(compile(resolution, []))
    ]),
    ...uses
      .filter(({ isProgram }) => isProgram)
      .map(({ name }) => {
        const ran = project.run(node.command, [join("out-nodenext", `${name}.js`)], sandbox)
        return [`run ${name}`, ran.output.trim() === "" ? "it prints nothing" : wrong(ran)]
      })
  ]
}

/** Returns every module of a package that programs may import. */
function modulesOf(project, name) {
  const { modules } = publicModules(join(project.directory, "node_modules", name))
  return modules.map((module) => (module === "index" ? name : `${name}/${module}`))
}

function requiringText(names) {
  const imports = names.map((name, index) => `import package${index} = require("${name}")\n`)
  return `${imports.join("")}export const all = [${names.map((_, index) => `package${index}`)}]\n`
}

function wrong({ status, output }) {
  return status === 0 ? "" : output || `it ended with ${status}`
}

/** The peer dependencies that the README tells users to install, such as `"effect@^3.22.0"`. */
export function readmePeers(readme) {
  const ranges = readFileSync(readme, "utf8").matchAll(/"([^"\s]+@\^[^"\s]+)"/g)
  return [...new Set([...ranges].map(([, peer]) => peer))]
}

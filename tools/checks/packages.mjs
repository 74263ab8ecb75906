// Packs every published package and checks the tarballs. Node and TypeScript must find every
// module, and a tarball must contain exactly the files that users need.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, normalize } from "node:path"
import { root } from "../environment.mjs"
import { failure } from "../failure.mjs"
import { execute, must } from "../shared/command.mjs"
import { packAll, readJson } from "../shared/tarballs.mjs"

const scratch = mkdtempSync(join(tmpdir(), "packages-"))
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }))

/** Each check gets `{ tarball, manifest, files, read }` and returns its problems as texts. */
const checks = {
  "publint finds nothing": ({ tarball }) => reportOf("publint", ["run", tarball, "--strict"]),

  "every module resolves, with types": ({ tarball, manifest, files }) => {
    const modules = files
      .flatMap((file) => /^src\/([^/]+)\.ts$/.exec(file)?.[1] ?? [])
      // A command is not a module to import.
      .filter((name) => manifest.exports[`./${name}`] !== null)
    const entryPoints = modules.map((name) => (name === "index" ? "." : name))
    const options = [tarball, "--profile", "esm-only", "--format", "ascii", "--entrypoints"]
    return reportOf("attw", [...options, ...entryPoints])
  },

  "every promised file is there": ({ manifest, files }) => {
    const commands = Object.values(manifest.bin ?? {}).map(normalize)
    return ["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts", ...commands]
      .filter((file) => !files.includes(file))
      .map((file) => `${file} is missing`)
  },

  "no other file is there": ({ files }) =>
    files
      .filter((file) => !/^(?:dist|src)\/|^(?:LICENSE|README\.md|package\.json)$/.test(file))
      .concat(files.filter((file) => /\btests?\b|tsbuildinfo/.test(file)))
      .map((file) => `${file} is not for users`),

  "every built file comes from a source": ({ files }) =>
    files
      .filter((file) => /^dist\/(?!node\/).*\.(?:js|d\.ts)(?:\.map)?$/.test(file))
      .filter((file) => !files.includes(sourceOf(file)))
      .map((file) => `${file} has no source: delete dist and build again`),

  "every range of a dependency is resolved": ({ manifest }) =>
    ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"].flatMap(
      (kind) =>
        Object.entries(manifest[kind] ?? {})
          .filter(([, range]) => /^(?:workspace|catalog|link|file|portal):/.test(range))
          .map(([name, range]) => `${kind} has "${name}": "${range}"`)
    ),

  "no file names a path on this machine": ({ files, read }) =>
    files.filter((file) => read(file).includes(root)).map((file) => `${file} names ${root}`),

  "maps of the code contain their sources, or lead to shipped ones": ({ files, read }) =>
    files
      .filter((file) => file.endsWith(".js") && !isMadeByBundler(file, read(file)))
      .flatMap((file) => {
        if (!files.includes(`${file}.map`)) return [`${file} has no map`]
        const map = JSON.parse(read(`${file}.map`))
        return map.sources
          .filter((_, index) => !map.sourcesContent?.[index])
          .map((source) => join(dirname(file), source).replaceAll("\\", "/"))
          .filter((source) => !files.includes(source))
          .map((source) => `${file}.map does not contain ${source}, which is not shipped`)
      }),

  "maps of the declarations lead to shipped sources": ({ files, read }) =>
    files
      .filter((file) => file.startsWith("dist/") && file.endsWith(".d.ts"))
      .flatMap((file) => {
        if (!files.includes(`${file}.map`)) return [`${file} has no map`]
        return JSON.parse(read(`${file}.map`))
          .sources.map((source) => join(dirname(file), source).replaceAll("\\", "/"))
          .filter((source) => !files.includes(source))
          .map((source) => `${file}.map leads to ${source}, which is not shipped`)
      })
}

/**
 * Whether the bundler made a file. Such a file is the bundler's helper, or it only exports the
 * contents of another file.
 */
function isMadeByBundler(file, code) {
  if (!file.startsWith("dist/node/")) return false
  return (
    file.endsWith("/rolldown-runtime.js") ||
    code.split("\n").every((line) => /^(?:(?:im|ex)port |$)/.test(line))
  )
}

function reportOf(command, options) {
  const { status, output } = execute(command, options)
  return status === 0 ? [] : [output.trim()]
}

function sourceOf(file) {
  return file.replace(/^dist\//, "src/").replace(/\.(?:js|d\.ts)(?:\.map)?$/, ".ts")
}

function unpack(tarball) {
  const target = join(scratch, "unpacked", tarball.replace(/^.*[/\\]|\.tgz$/g, ""))
  mkdirSync(target, { recursive: true })
  must("tar", ["-xzf", tarball, "-C", target])
  const home = join(target, "package")
  const files = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(home.length + 1)
        .replaceAll("\\", "/")
    )
  const read = (file) => readFileSync(join(home, file), "utf8")
  return { files, read, manifest: readJson(join(home, "package.json")) }
}

let passed = 0
let failed = 0
for (const { name, tarball } of packAll(scratch)) {
  console.log(name)
  const unpacked = { tarball, ...unpack(tarball) }
  for (const [title, check] of Object.entries(checks)) {
    const problems = check(unpacked)
    if (problems.length === 0) {
      console.log(`  passed  ${title}`)
      passed += 1
    } else {
      console.log(failure(`${name}: ${title}`, problems.join("\n")))
      failed += 1
    }
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)

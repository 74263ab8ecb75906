#!/usr/bin/env bash
# DuckDB, read_json and read_csv: a decimal that comes after about 20,480 integers is rounded without an
# error.
#
# Expected: the numbers that are in the file, or an error, as for a text after 20,480 integers.
# Seen in DuckDB 1.5.6: both functions choose a type by the first 20,480 rows (`sample_size`). If a
# column has only integers there, 12.5 becomes 12 with `read_json` and 13 with `read_csv`. A 2 after
# booleans becomes true. The result is right with `columns`, with `sample_size = -1`, and if the
# integers are written as 0.0. Occupancy of an office that is empty until May is such a column.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >read.mjs <<'EOF'
import { writeFileSync } from "node:fs"
import { DuckDBInstance } from "@duckdb/node-api"

const connection = await (await DuckDBInstance.create()).connect()
const rows = 20_480 * 2
const last = async (title, lines, source) => {
  writeFileSync("rows.json", lines)
  writeFileSync("rows.csv", lines.replaceAll(/[^\d.\n]/g, "").replace(/^/, "v\n"))
  const seen = await connection.runAndReadAll(`select v::varchar from ${source} offset ${rows}`).then(
    (result) => result.getRows()[0][0],
    () => "an error"
  )
  console.log(`${title}: ${seen}`)
}
const late = (first, value) => `${`{"v":${first}}\n`.repeat(rows)}{"v":${value}}\n`

await last("12.5 after integers", late(0, 12.5), "read_json('rows.json')")
await last("2 after booleans", late(true, 2), "read_json('rows.json')")
await last("text after integers", late(0, '"closed"'), "read_json('rows.json')")
await last("12.5 after integers, CSV", late(0, 12.5), "read_csv('rows.csv')")
await last("12.5 after integers, columns", late(0, 12.5), "read_json('rows.json', columns = {v: 'double'})")
await last("12.5 after integers, all rows sampled", late(0, 12.5), "read_json('rows.json', sample_size = -1)")
await last("12.5 after 0.0", late("0.0", 12.5), "read_json('rows.json')")
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1
echo "DuckDB 1.5.6"
node read.mjs | tee log

echo "expected: the value of the file, or an error"
grep -qxF "12.5 after integers: 12" log
grep -qxF "2 after booleans: true" log
grep -qxF "text after integers: an error" log
grep -qxF "12.5 after integers, CSV: 13" log
grep -qxF "12.5 after integers, columns: 12.5" log
grep -qxF "12.5 after integers, all rows sampled: 12.5" log
grep -qxF "12.5 after 0.0: 12.5" log
echo "seen: 12, 13 and true"

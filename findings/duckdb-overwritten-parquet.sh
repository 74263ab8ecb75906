#!/usr/bin/env bash
# DuckDB: a process that has read a Parquet file reads the old footer of the file after another
# program has overwritten it.
#
# Expected: each query returns the rows that the file has. DuckDB compares the time of the last change
# of a file before it uses a cached part (`validate_external_file_cache` is VALIDATE_ALL).
# Seen in DuckDB 1.5.6: if a file of the same size is written in place within the same second, DuckDB
# reads the new rows with the old footer. A filter uses the old statistics and loses rows. There is no
# error. It does not happen if the new file is renamed to the name of the old one, if there is more
# than a second between the files, or with `set enable_external_file_cache = false`.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >overwrite.mjs <<'EOF'
import { renameSync, writeFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"
import { DuckDBInstance } from "@duckdb/node-api"
import { parquetWriteBuffer } from "hyparquet-writer"

const file = (values) =>
  new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "v", data: values, type: "INT32" }] }))
const files = [file([1, 2, 3]), file([11, 12, 13])]
const write = {
  overwritten: (name, bytes) => writeFileSync(name, bytes),
  renamed: (name, bytes) => {
    writeFileSync(`${name}.new`, bytes)
    renameSync(`${name}.new`, name)
  }
}
for (const [title, how, wait, setting] of [
  ["overwritten at once", "overwritten", 0, "true"],
  ["renamed at once", "renamed", 0, "true"],
  ["overwritten after 2 seconds", "overwritten", 2_000, "true"],
  ["overwritten at once, no cache", "overwritten", 0, "false"]
]) {
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(`set enable_external_file_cache = ${setting}`)
  const name = `${title}.parquet`
  const counts = []
  // Both files are written in the same second.
  await setTimeout(1_050 - (Date.now() % 1_000))
  for (const bytes of files) {
    write[how](name, bytes)
    const result = await connection.runAndReadAll(`select count(*) from '${name}' where v > 10`)
    counts.push(String(result.getRows()[0][0]))
    await setTimeout(wait)
  }
  console.log(`${title}: ${files[0].length === files[1].length} ${counts.join(" ")}`)
}
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 hyparquet-writer@0.17.0
echo "DuckDB 1.5.6, hyparquet-writer 0.17.0"
node overwrite.mjs | tee log

echo "expected: both files have the same size (true), no row of the first and 3 rows of the second"
grep -qxF "overwritten at once: true 0 0" log
for title in "renamed at once" "overwritten after 2 seconds" "overwritten at once, no cache"; do
  grep -qxF "$title: true 0 3" log
done
echo "seen: no row of the second file, if it overwrites the first one at once"

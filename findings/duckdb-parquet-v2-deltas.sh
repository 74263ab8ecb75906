#!/usr/bin/env bash
# DuckDB and Parquet: with PARQUET_VERSION V2, DuckDB writes columns of 32 bits that arrow-rs rejects
# and that hyparquet reads as other numbers.
#
# Expected: each reader returns the numbers that were written. For a column of 32 bits, the encoding
# DELTA_BINARY_PACKED calculates with 32 bits and wraps around (Parquet format, Encodings.md).
# Seen in DuckDB 1.5.6: it calculates with 64 bits. If a number of `uinteger` is 2147483648 or more,
# or if two numbers of `integer` differ by more than 2147483647, the file has a first value or a
# delta that 32 bits cannot hold. arrow-rs (parquet-wasm 0.8.0) fails. hyparquet 1.33.0 reads
# `uinteger` without an error and returns other numbers. DuckDB itself reads its files, and all three
# read the files of the default version.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >read.mjs <<'EOF'
import { readFileSync } from "node:fs"
import { DuckDBInstance } from "@duckdb/node-api"
import * as arrow from "apache-arrow"
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet"
import * as wasm from "parquet-wasm/node"

const file = "rows.parquet"
const connection = await (await DuckDBInstance.create()).connect()
const readers = {
  duckdb: async () => (await connection.runAndReadAll(`from '${file}'`)).getRows().flat(),
  hyparquet: async () => {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) })
    return rows.map(({ v }) => v)
  },
  "arrow-rs": async () => {
    const table = wasm.readParquet(new Uint8Array(readFileSync(file)))
    return [...arrow.tableFromIPC(table.intoIPCStream()).getChild("v")]
  }
}
for (const [type, list] of [
  ["uinteger", "2147483648, 2147483650, 3000000000"],
  ["integer", "-2147483648, 2147483647, 5"]
]) {
  for (const version of ["V1", "V2"]) {
    await connection.run(
      `copy (select unnest([${list}]::${type}[]) as v) to '${file}' (parquet_version ${version})`
    )
    for (const [name, read] of Object.entries(readers)) {
      const seen = await read().then(
        (values) => values.join(", "),
        (error) => `fails, ${error.message}`
      )
      console.log(`${version}, ${type}, ${name}: ${seen}`)
    }
  }
}
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 apache-arrow@21.2.0 \
  hyparquet@1.33.0 parquet-wasm@0.8.0
echo "DuckDB 1.5.6, hyparquet 1.33.0, parquet-wasm 0.8.0"
node read.mjs | tee log

echo "expected: 2147483648, 2147483650, 3000000000 or -2147483648, 2147483647, 5 on each line"
test "$(grep -c ": 2147483648, 2147483650, 3000000000$" log)" = 4
test "$(grep -c ": -2147483648, 2147483647, 5$" log)" = 5
grep -q "^V2, uinteger, hyparquet: 0, 2, 852516352$" log
test "$(grep -c "^V2, .*, arrow-rs: fails, " log)" = 2
echo "seen: with V2, hyparquet returns other numbers for uinteger, and arrow-rs fails"

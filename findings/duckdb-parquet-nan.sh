#!/usr/bin/env bash
# DuckDB and Parquet: a filter returns other rows if a column of a Parquet file contains NaN and has
# statistics.
#
# Expected: in DuckDB, NaN equals NaN and is greater than all numbers. A filter returns the same rows
# for a table and for a Parquet file with the same values.
# Seen in DuckDB 1.5.6: Parquet's statistics leave out NaN (parquet.thrift, "Statistics"). DuckDB
# still uses them to decide that no row or every row of a row group passes a filter. `v <= 3` counts
# the rows with NaN, and `v > 5` and `v = 'nan'` do not find them. This happens with the files of
# arrow-rs (parquet-wasm) and hyparquet-writer. DuckDB's own files have no statistics if a column
# contains NaN, and neither has a file for which the writer was told to leave them out.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >filter.mjs <<'EOF'
import { writeFileSync } from "node:fs"
import { DuckDBInstance } from "@duckdb/node-api"
import * as arrow from "apache-arrow"
import { parquetWriteBuffer } from "hyparquet-writer"
import * as wasm from "parquet-wasm/node"

const values = [1, 2, Number.NaN, 3, Number.NaN]
const table = arrow.tableFromArrays({ v: Float64Array.from(values) })
writeFileSync(
  "parquet-wasm.parquet",
  wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(table, "stream")))
)
const columnData = [{ name: "v", data: values, type: "DOUBLE" }]
writeFileSync("hyparquet-writer.parquet", Buffer.from(parquetWriteBuffer({ columnData })))
writeFileSync(
  "hyparquet-writer, no statistics.parquet",
  Buffer.from(parquetWriteBuffer({ columnData, statistics: false }))
)
const connection = await (await DuckDBInstance.create()).connect()
const first = async (sql) => String((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
await connection.run("create table rows as select unnest(['1', '2', 'nan', '3', 'nan']::double[]) as v")
await connection.run("copy rows to 'duckdb.parquet'")

for (const [name, source] of [
  ["table", "rows"],
  ...["duckdb", "hyparquet-writer, no statistics", "hyparquet-writer", "parquet-wasm"].map((name) => [
    `file of ${name}`,
    `'${name}.parquet'`
  ])
]) {
  const counts = []
  for (const filter of ["v <= 3", "v > 5", "v = 'nan'"]) {
    counts.push(`${filter}: ${await first(`select count(*) from ${source} where ${filter}`)}`)
  }
  console.log(`${name}: ${counts.join(", ")}`)
}
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 apache-arrow@21.2.0 \
  hyparquet-writer@0.17.0 parquet-wasm@0.8.0
echo "DuckDB 1.5.6, parquet-wasm 0.8.0, hyparquet-writer 0.17.0"
node filter.mjs | tee log

echo "expected: 3 rows, 2 rows and 2 rows, five times"
right="v <= 3: 3, v > 5: 2, v = 'nan': 2"
for name in "table" "file of duckdb" "file of hyparquet-writer, no statistics"; do
  grep -qxF "$name: $right" log
done
for name in "file of hyparquet-writer" "file of parquet-wasm"; do
  grep -qxF "$name: v <= 3: 5, v > 5: 0, v = 'nan': 0" log
done
echo "seen: 5, 0 and 0 rows for the two files whose column has statistics"

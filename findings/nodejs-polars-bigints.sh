#!/usr/bin/env bash
# nodejs-polars: integers of 64 bits change on the way from JavaScript and back.
#
# Expected: a column of bigints has the same integers, and reading it returns them. DuckDB does this.
# Seen in nodejs-polars 0.26.1: `DataFrame` and `Series` make an unsigned column from bigints and
# drop the sign, so -5n becomes 5. With the type Int64 the column is null. A `BigInt64Array` is read
# correctly, but `toRecords` and `toArray` return rounded numbers for a signed column, and bigints
# only for an unsigned one. None of this is an error.
#
# Fails if that has changed. Runs on Linux on x64 with glibc.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >integers.mjs <<'EOF'
import { DuckDBInstance } from "@duckdb/node-api"
import pl from "nodejs-polars"

const values = [-5n, 2n ** 53n + 1n]
const show = (list) => list.map((value) => (typeof value === "bigint" ? `${value}n` : `${value}`)).join(" ")
const connection = await (await DuckDBInstance.create()).connect()
const result = await connection.runAndReadAll("select unnest([-5, 9007199254740993]::bigint[])")
console.log(`duckdb: ${show(result.getRows().flat())}`)
const signed = BigInt64Array.from(values)
for (const [name, list] of [
  ["DataFrame of bigints", pl.DataFrame({ v: values }).toRecords().map(({ v }) => v)],
  ["Series of bigints, Int64", pl.Series("v", values, pl.Int64).toArray()],
  ["Series of BigInt64Array", pl.Series("v", signed).toArray()],
  ["the same column as text", pl.DataFrame({ v: pl.Series("v", signed) }).writeCSV().toString().trim().split("\n").slice(1)]
]) {
  console.log(`polars, ${name}: ${show(list)}`)
}
EOF

npm init -y >/dev/null
# npm may leave out the optional package of the platform, so it is named.
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 nodejs-polars@0.26.1 \
  nodejs-polars-linux-x64-gnu@0.26.1
echo "nodejs-polars 0.26.1, DuckDB 1.5.6"
node integers.mjs | tee log

echo "expected: -5 and 9007199254740993 on each line"
grep -qxF "duckdb: -5n 9007199254740993n" log
grep -qxF "polars, DataFrame of bigints: 5n 9007199254740993n" log
grep -qxF "polars, Series of bigints, Int64: null null" log
grep -qxF "polars, Series of BigInt64Array: -5 9007199254740992" log
grep -qxF "polars, the same column as text: -5 9007199254740993" log
echo "seen: 5 for -5n, null, and 9007199254740992 for 9007199254740993"

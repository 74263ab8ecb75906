#!/usr/bin/env bash
# nodejs-polars: values are lost if a column begins with 100 rows of null.
#
# Expected: a table of records has all values of the records, or there is an error. A vector of
# Apache Arrow has all values.
# Seen in nodejs-polars 0.26.1: `DataFrame(records)` and `readRecords(records)` choose the type of a
# column by its first 100 values. If these are null, each later value becomes null. A name that no
# record before has is left out, and a text after numbers becomes NaN. There is no error. The option
# `inferSchemaLength` with the number of the records avoids this.
# Occupancy of an office that was equipped in May is such a column.
#
# Fails if that has changed. Runs on Linux on x64 with glibc.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >late.mjs <<'EOF'
import * as arrow from "apache-arrow"
import pl from "nodejs-polars"

const late = (first, last) => [...Array.from({ length: 100 }, () => first), last]
const afterNulls = late({ value: null }, { value: 12.5 })
const last = (table) => JSON.stringify(table.toRecords().at(-1), (_, value) => (Number.isNaN(value) ? "NaN" : value))

const field = arrow.vectorFromArray(afterNulls.map(({ value }) => value))
console.log(`arrow, 12.5 after 100 nulls: ${JSON.stringify({ value: field.get(100) })}`)
for (const [name, table] of [
  ["12.5 after 100 nulls", pl.DataFrame(afterNulls)],
  ["12.5 after 100 nulls, readRecords", pl.readRecords(afterNulls)],
  ["12.5 after 100 nulls, inferSchemaLength", pl.DataFrame(afterNulls, { inferSchemaLength: 101 })],
  ["12.5 after 99 nulls", pl.DataFrame(afterNulls.slice(1))],
  ["another name after 100 records", pl.DataFrame(late({ hour: 1 }, { hour: 2, value: 12.5 }))],
  ["text after 100 numbers", pl.DataFrame(late({ value: 1 }, { value: "closed" }))]
]) {
  console.log(`polars, ${name}: ${last(table)}`)
}
EOF

npm init -y >/dev/null
# npm may leave out the optional package of the platform, so it is named.
npm install --silent --no-audit --no-fund apache-arrow@21.2.0 nodejs-polars@0.26.1 \
  nodejs-polars-linux-x64-gnu@0.26.1
echo "nodejs-polars 0.26.1, apache-arrow 21.2.0"
node late.mjs | tee log

echo "expected: each last record as it was given, or an error"
grep -qxF 'arrow, 12.5 after 100 nulls: {"value":12.5}' log
grep -qxF 'polars, 12.5 after 100 nulls: {"value":null}' log
grep -qxF 'polars, 12.5 after 100 nulls, readRecords: {"value":null}' log
grep -qxF 'polars, 12.5 after 100 nulls, inferSchemaLength: {"value":12.5}' log
grep -qxF 'polars, 12.5 after 99 nulls: {"value":12.5}' log
grep -qxF 'polars, another name after 100 records: {"hour":2}' log
grep -qxF 'polars, text after 100 numbers: {"value":"NaN"}' log
echo "seen: null, a missing name and NaN, unless the option covers all records"

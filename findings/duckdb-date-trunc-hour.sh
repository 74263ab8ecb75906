#!/usr/bin/env bash
# DuckDB, date_trunc: the start of an hour is after the time, if clocks repeat the hour.
#
# Expected: `date_trunc('hour', time)` of a `timestamptz` is at most an hour before the time. The two
# equal hours have different starts, as they have in Temporal and in DuckDB's `time_bucket` with the
# zone as its third argument.
# Seen in DuckDB 1.5.6: each time in the first of the two hours becomes the start of the second hour.
# `group by date_trunc('hour', time)` therefore adds two hours into one group, and the hour before
# has no group. In a zone that repeats the hour after midnight (Havana), `date_trunc('day', time)` is
# an hour late for the whole day. `time_bucket` without the zone uses the hours of UTC, which differ
# from the hours of Adelaide by half an hour.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >hours.mjs <<'EOF'
import { DuckDBInstance } from "@duckdb/node-api"
import { Temporal } from "@js-temporal/polyfill"

const connection = await (await DuckDBInstance.create()).connect()
const iso = (millis) => new Date(Number(millis)).toISOString().slice(0, 16)
const truncated = async (zone, expression) => {
  await connection.run(`set timezone = '${zone}'`)
  const result = await connection.runAndReadAll(`select epoch_ms(${expression})`)
  return iso(result.getRows()[0][0])
}

for (const [zone, time] of [
  ["Europe/Berlin", "2025-10-26T00:30:00Z"],
  ["Europe/Berlin", "2025-10-26T01:30:00Z"],
  ["Australia/Adelaide", "2025-04-05T16:10:00Z"],
  ["America/Havana", "2025-11-02T20:30:00Z"]
]) {
  const unit = zone === "America/Havana" ? "day" : "hour"
  const there = Temporal.Instant.from(time).toZonedDateTimeISO(zone)
  const start =
    unit === "day" ? there.startOfDay() : there.round({ smallestUnit: "hour", roundingMode: "floor" })
  const literal = `timestamptz '${time}'`
  console.log(`Temporal, ${unit} of ${time}: ${iso(start.epochMilliseconds)}`)
  console.log(`date_trunc, ${unit} of ${time}: ${await truncated(zone, `date_trunc('${unit}', ${literal})`)}`)
  if (unit === "day") continue
  console.log(
    `time_bucket without a zone, ${unit} of ${time}: ${await truncated(zone, `time_bucket(interval '1 hour', ${literal})`)}`
  )
  console.log(
    `time_bucket, ${unit} of ${time}: ${await truncated(zone, `time_bucket(interval '1 hour', ${literal}, '${zone}')`)}`
  )
}
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 @js-temporal/polyfill@0.5.1
echo "DuckDB 1.5.6, Temporal polyfill 0.5.1"
node hours.mjs | tee log

echo "expected: 00:00 and 01:00 in Berlin, 15:30 in Adelaide, and 04:00 in Havana"
starts() { grep "^$1," log | sed 's/.*T//' | xargs; }
test "$(starts Temporal)" = "00:00 01:00 15:30 04:00"
test "$(starts time_bucket)" = "00:00 01:00 15:30"
test "$(starts "time_bucket without a zone")" = "00:00 01:00 16:00"
test "$(starts date_trunc)" = "01:00 01:00 16:30 05:00"
echo "seen: date_trunc returns 01:00 for both hours in Berlin, 16:30 in Adelaide, and 05:00 in Havana"

#!/usr/bin/env bash
# Effect 3 and 4, DateTime: `startOf` and `endOf` of a zoned time leave the hour if clocks repeat it.
#
# Expected: `startOf(time, "hour")` is at most an hour before the time, and `endOf(time, "hour")` is
# not before it. `endOf(time, "day")` is the last millisecond before the next day. Luxon and
# date-fns with @date-fns/tz return these.
# Seen in Effect 3.22.4 and 4.1.0: in the second of two equal hours, the result belongs to the first
# one. `startOf(time, "minute")` is an hour before the minute, and `endOf(time, "minute")` is before
# the time. In a zone that repeats the hour before midnight (Cairo), `endOf(time, "day")` leaves out
# the last hour of the day. A program that groups rows by such an hour adds two hours into one, and
# a query of such a day misses an hour.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >hours.mjs <<'EOF'
import { TZDate } from "@date-fns/tz"
import * as fns from "date-fns"
import { DateTime } from "effect"
import { DateTime as Luxon } from "luxon"

const [version] = process.argv.slice(2)
const make = DateTime.makeZonedUnsafe ?? DateTime.unsafeMakeZoned
const iso = (millis) => new Date(millis).toISOString().slice(0, 16)

const cases = [
  ["Europe/Berlin", "2025-10-26T01:30:00Z", "startOf", "hour"],
  ["Europe/Berlin", "2025-10-26T01:30:00Z", "startOf", "minute"],
  ["Europe/Berlin", "2025-10-26T01:30:00Z", "endOf", "hour"],
  ["Africa/Cairo", "2025-10-30T18:00:00Z", "endOf", "day"]
]
for (const [timeZone, instant, name, unit] of cases) {
  const time = Date.parse(instant)
  const step = `${timeZone} ${instant} ${name} ${unit}`
  const effect = DateTime.toEpochMillis(DateTime[name](make(time, { timeZone }), unit))
  console.log(`effect ${version}: ${step}: ${iso(effect)}`)
  if (version.startsWith("4.")) continue
  console.log(`luxon 3.7.2: ${step}: ${iso(Luxon.fromMillis(time, { zone: timeZone })[name](unit).toMillis())}`)
  const ofUnit = fns[`${name}${unit[0].toUpperCase()}${unit.slice(1)}`]
  console.log(`date-fns 4.4.0: ${step}: ${iso(+ofUnit(new TZDate(time, timeZone)))}`)
}
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund luxon@3.7.2 date-fns@4.4.0 @date-fns/tz@1.5.0
for version in 3.22.4 4.1.0; do
  npm install --silent --no-audit --no-fund "effect@$version"
  node hours.mjs "$version"
done | tee log

echo "expected: 01:00, 01:30 and 01:59 in Berlin, and 21:59 in Cairo"
for peer in "luxon 3.7.2" "date-fns 4.4.0"; do
  test "$(grep "^$peer" log | sed 's/.*T//' | xargs)" = "01:00 01:30 01:59 21:59"
done
for version in 3.22.4 4.1.0; do
  test "$(grep "^effect $version" log | sed 's/.*T//' | xargs)" = "00:00 00:30 00:59 20:59"
done
echo "seen: Effect 3 and 4 return a time that is one hour earlier in each case"

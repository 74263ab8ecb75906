#!/usr/bin/env bash
# Effect, DateTime.add with a zoned time: Effect 3 adds hours and minutes to the local time, and
# Effect 4 adds hours before days.
#
# Expected: hours and minutes are exact durations, and days are calendar days. If both are added,
# days are added first (RFC 5545, section 3.3.6). Temporal and Luxon do this.
# Seen in Effect 3.22.4: near a clock change, an hour later can be two hours later, and an hour
# earlier can be the same time. A loop that goes from hour to hour misses an hour in autumn, and a
# loop that goes back in spring never ends. `addDuration` and `subtractDuration` with a positive
# duration are exact.
# Seen in Effect 4.1.0: hours are exact. `{ days: 1, hours: 1 }` shortly before a clock change is an
# hour off, because the hour is added first.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >add.mjs <<'EOF'
import { Temporal } from "@js-temporal/polyfill"
import { DateTime } from "effect"
import { DateTime as Luxon } from "luxon"

const [version] = process.argv.slice(2)
const make = DateTime.makeZonedUnsafe ?? DateTime.unsafeMakeZoned
const iso = (millis) => new Date(millis).toISOString().slice(0, 16)

const cases = [
  ["Europe/Berlin", "2025-10-26T00:30:00Z", { hours: 1 }],
  ["Europe/Berlin", "2025-10-26T00:30:00Z", { minutes: 30 }],
  ["America/Chicago", "2025-03-09T08:30:00Z", { hours: -1 }],
  ["America/Chicago", "2025-03-09T07:05:00Z", { days: 1, hours: 1 }]
]
for (const [timeZone, instant, parts] of cases) {
  const time = Date.parse(instant)
  const step = `${timeZone} ${instant} ${JSON.stringify(parts)}`
  const effect = DateTime.toEpochMillis(DateTime.add(make(time, { timeZone }), parts))
  console.log(`effect ${version}: ${step}: ${iso(effect)}`)
  if (parts.days === undefined) {
    const exact = parts.hours === -1 ? DateTime.subtractDuration : DateTime.addDuration
    const duration = parts.minutes === undefined ? "1 hour" : "30 minutes"
    const result = DateTime.toEpochMillis(exact(make(time, { timeZone }), duration))
    console.log(`effect ${version} with a duration: ${step}: ${iso(result)}`)
  }
  if (version.startsWith("4.")) continue
  const temporal = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone)
  console.log(`Temporal polyfill 0.5.1: ${step}: ${iso(temporal.add(parts).epochMilliseconds)}`)
  const luxon = Luxon.fromMillis(time, { zone: timeZone })
  console.log(`luxon 3.7.2: ${step}: ${iso(luxon.plus(parts).toMillis())}`)
}
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund luxon@3.7.2 @js-temporal/polyfill@0.5.1
for version in 3.22.4 4.1.0; do
  npm install --silent --no-audit --no-fund "effect@$version"
  node add.mjs "$version"
done | tee log

echo "expected: an hour later, half an hour later, an hour earlier, and a day and an hour later"
times() { grep "^$1" log | sed 's/.*T//' | xargs; }
for peer in "Temporal polyfill 0.5.1" "luxon 3.7.2"; do
  test "$(times "$peer")" = "01:30 01:00 07:30 07:05"
done
for version in 3.22.4 4.1.0; do
  test "$(times "effect $version with a duration")" = "01:30 01:00 07:30"
done
test "$(times "effect 3.22.4:")" = "02:30 02:00 08:30 07:05"
test "$(times "effect 4.1.0:")" = "01:30 01:00 07:30 08:05"
echo "seen: Effect 3 is off for hours and minutes, and Effect 4 for a day with an hour"

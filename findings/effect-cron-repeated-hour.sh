#!/usr/bin/env bash
# Effect 3, Cron: a schedule for each hour or each quarter of an hour pauses while clocks repeat an
# hour.
#
# Expected: `0 * * * *` in a time zone runs once an hour, also on the day of 25 hours. croner and
# cron-parser do this.
# Seen in Effect 3.22.4: no run in the second of the two equal hours, so two runs are two hours
# apart, and `*/15 * * * *` pauses for 75 minutes. A job that fetches the last hour misses an hour of
# rows. Effect 4.1.0 does the same by default, documents it, and runs in both hours with
# `onDstOverlap: "both"`. Effect 3 has no such option.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >runs.mjs <<'EOF'
import { CronExpressionParser } from "cron-parser"
import { Cron as Croner } from "croner"
import { Cron } from "effect"

const [version] = process.argv.slice(2)
const isThird = version.startsWith("3.")
const timezone = "Europe/Berlin"
const from = new Date("2025-10-25T22:59:00Z")

/** The longest time between two of the next runs, in minutes. */
const longest = (times) =>
  Math.max(...times.slice(1).map((time, index) => (time - times[index]) / 60_000))
const ofEffect = (text, options) => {
  const parsed = isThird ? Cron.parse(text, timezone).right : Cron.parse(text, timezone, options).success
  const times = [from]
  while (times.length < 20) times.push(Cron.next(parsed, times.at(-1)))
  return longest(times.slice(1))
}
for (const text of ["0 * * * *", "*/15 * * * *"]) {
  console.log(`effect ${version}, ${text}: ${ofEffect(text)} minutes`)
  if (isThird) {
    console.log(`croner 11.0.1, ${text}: ${longest(new Croner(text, { timezone }).nextRuns(20, from))} minutes`)
    const runs = CronExpressionParser.parse(text, { currentDate: from, tz: timezone })
    const times = Array.from({ length: 20 }, () => runs.next().toDate())
    console.log(`cron-parser 5.10.6, ${text}: ${longest(times)} minutes`)
  } else {
    console.log(`effect ${version} with onDstOverlap, ${text}: ${ofEffect(text, { onDstOverlap: "both" })} minutes`)
  }
}
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund croner@11.0.1 cron-parser@5.10.6
for version in 3.22.4 4.1.0; do
  npm install --silent --no-audit --no-fund "effect@$version"
  node runs.mjs "$version"
done | tee log

echo "expected: at most 60 and 15 minutes between two runs"
gaps() { grep "^$1, " log | sed 's/.*: //' | xargs; }
for program in "croner 11.0.1" "cron-parser 5.10.6" "effect 4.1.0 with onDstOverlap"; do
  test "$(gaps "$program")" = "60 minutes 15 minutes"
done
for program in "effect 3.22.4" "effect 4.1.0"; do
  test "$(gaps "$program")" = "120 minutes 75 minutes"
done
echo "seen: Effect waits for 120 and 75 minutes, unless Effect 4 is told to run in both hours"

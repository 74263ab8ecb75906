#!/usr/bin/env bash
# Effect 3, Schema: a union of structs that differ in a literal field throws if this field is an
# object whose `toString` is not a function. JSON can hold such an object.
#
# Expected: `Schema.decodeUnknownEither` returns a `Left` for each value that does not match. Effect
# 4 returns a failure, and so do the unions of zod and Valibot.
# Seen in Effect 3.22.4: it throws a TypeError. A program that decodes the body of a request or a
# response gets a defect in place of a `ParseError`. The same value one level higher, where no
# literal is compared, is a `Left`.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >decode.mjs <<'EOF'
import { Schema } from "effect"
import * as v from "valibot"
import * as z from "zod"

const [version] = process.argv.slice(2)
const mean = Schema.Struct({ kind: Schema.Literal("mean"), minutes: Schema.Number })
const total = Schema.Struct({ kind: Schema.Literal("total"), visits: Schema.Number })
const isThird = version.startsWith("3.")
const decode = isThird
  ? Schema.decodeUnknownEither(Schema.Union(mean, total))
  : Schema.decodeUnknownExit(Schema.Union([mean, total]))
const ofZod = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("mean"), minutes: z.number() }),
  z.object({ kind: z.literal("total"), visits: z.number() })
])
const ofValibot = v.variant("kind", [
  v.object({ kind: v.literal("mean"), minutes: v.number() }),
  v.object({ kind: v.literal("total"), visits: v.number() })
])
const attempt = (run) => {
  try {
    return run()
  } catch (error) {
    return `throws ${error.name}: ${error.message}`
  }
}
for (const text of ['{"kind":"mean","minutes":7}', '{"kind":{"at":1}}', '{"kind":{"toString":1}}']) {
  const value = JSON.parse(text)
  console.log(`effect ${version}, ${text}: ${attempt(() => decode(value)._tag)}`)
  if (!isThird) continue
  console.log(`zod 4.6.7, ${text}: ${attempt(() => ofZod.safeParse(value).success)}`)
  console.log(`valibot 1.5.0, ${text}: ${attempt(() => v.safeParse(ofValibot, value).success)}`)
}
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund zod@4.6.7 valibot@1.5.0
for version in 3.22.4 4.1.0; do
  npm install --silent --no-audit --no-fund "effect@$version"
  node decode.mjs "$version"
done | tee log

echo "expected: no line with \"throws\""
test "$(grep -c throws log)" = 1
grep -qF 'effect 3.22.4, {"kind":{"toString":1}}: throws TypeError' log
grep -qF 'effect 4.1.0, {"kind":{"toString":1}}: Failure' log
echo "seen: only Effect 3 throws, and only for the object whose toString is not a function"

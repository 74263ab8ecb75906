#!/usr/bin/env bash
# Effect 3, batched requests: an interrupted `Effect.all` with `batching: true` ends only after the
# resolver of its requests has ended.
#
# Expected: the interruption ends the batch at once and interrupts the resolver, as it does for a
# single request, and for the same requests without `batching`. `Effect.timeout` relies on this.
# Seen in Effect 3.22.4: the resolver is not interrupted. The fiber ends when the resolver has
# finished its two seconds, so a timeout of 100 ms around a batch takes two seconds too. The part of
# a batch after its first request runs in an uninterruptible region.
#
# Fails if that has changed.

set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

cat >interrupt.mjs <<'EOF'
import { Effect, Fiber, Request, RequestResolver } from "effect"

const Floor = Request.tagged("Floor")
let wasInterrupted = false
const resolver = RequestResolver.makeBatched((requests) =>
  Effect.sleep("2 seconds").pipe(
    Effect.zipRight(Effect.forEach(requests, (request) => Request.succeed(request, 1))),
    Effect.onInterrupt(() => Effect.sync(() => (wasInterrupted = true)))
  )
)
const floor = (number) => Effect.request(Floor({ number }), resolver)
const floors = [floor(1), floor(2)]

/** Whether `run` ends within a second, and whether the resolver was interrupted. */
const observe = (name, run) =>
  Effect.gen(function* () {
    wasInterrupted = false
    const begun = performance.now()
    yield* run
    const ended = performance.now() - begun < 1000 ? "at once" : "after the resolver"
    yield* Effect.sleep("10 millis")
    console.log(`${name}: ends ${ended}, resolver interrupted: ${wasInterrupted}`)
  })
const interrupted = (effect) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(effect)
    yield* Effect.sleep("100 millis")
    yield* Fiber.interrupt(fiber)
  })
const batch = Effect.all(floors, { batching: true })

await Effect.runPromise(
  Effect.all([
    observe("one request, interrupted", interrupted(floor(1))),
    observe("concurrent, interrupted", interrupted(Effect.all(floors, { concurrency: 2 }))),
    observe("batch, interrupted", interrupted(batch)),
    observe("batch, timeout of 100 ms", Effect.either(Effect.timeout(batch, "100 millis")))
  ])
)
EOF

npm init -y >/dev/null
npm install --silent --no-audit --no-fund effect@3.22.4
echo "node $(node --version), effect 3.22.4"
node interrupt.mjs | tee log

echo "expected: each line ends at once, and its resolver is interrupted"
test "$(grep -c 'ends at once, resolver interrupted: true' log)" = 2
test "$(grep -c '^batch.*: ends after the resolver, resolver interrupted: false' log)" = 2
echo "seen: a batch ends after its resolver, which is not interrupted"

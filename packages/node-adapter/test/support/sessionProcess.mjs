// A process of a web app whose sessions are in files. Its first argument is its task, as JSON. It
// sends all requests at the same time when its parent tells it to start. If the task has a moment
// of a refresh, the process stops at this moment, prints its name, and waits until it is killed.
import { subscribe } from "node:diagnostics_channel"
import { writeSync } from "node:fs"
import { createInterface } from "node:readline"
import * as Api from "@innerspace-metrics/core/Api"
import * as FileTokenStore from "@innerspace-metrics/node-adapter/FileTokenStore"
import * as WebSessions from "@innerspace-metrics/node-adapter/WebSessions"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

const { baseUrl, clientSecret, cookie, cookieSecret, directory, moment, requests, ...options } =
  JSON.parse(process.argv[2] ?? "")

const say = (line) => Effect.sync(() => process.stdout.write(`${line}\n`))

/** Waits until the parent of the process tells it to continue. */
const told = Effect.async((resume) => {
  createInterface({ input: process.stdin }).once("line", () => resume(Effect.void))
})

let isTold = false

/** Stops the whole process, with its timers, if this is the moment in its task. */
const reach = (name) => {
  if (!isTold || name !== moment) return
  writeSync(1, `at ${name}\n`)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const reached = (name) => Effect.sync(() => reach(name))

/** A store in files that calls `reached` at the moments of a refresh. */
const watched = () => {
  const store = FileTokenStore.make({ directory })
  let isLocked = false
  let writes = 0
  return {
    ...store,
    lock: (key) =>
      Effect.tap(store.lock(key), () => {
        isLocked = true
        writes = 0
        return reached("locked")
      }),
    get: (key) => Effect.tap(store.get(key), () => (isLocked ? reached("read") : Effect.void)),
    set: (key, token) =>
      Effect.suspend(() => {
        const [before, after] = writes === 0 ? ["marking", "marked"] : ["storing", "stored"]
        writes++
        return reached(before).pipe(
          Effect.zipRight(store.set(key, token)),
          Effect.zipRight(reached(after))
        )
      })
  }
}

// These requests go to the token endpoint of the provider, to refresh a token.
subscribe("undici:request:bodySent", ({ request }) => {
  if (request.path.endsWith("/oauth/token")) reach("sent")
})
subscribe("undici:request:headers", ({ request }) => {
  if (request.path.endsWith("/oauth/token")) reach("received")
})

const program = Effect.gen(function* () {
  const sessions = yield* WebSessions.make({
    ...options,
    api: Api.withBaseUrl(Api.v1, baseUrl),
    clientSecret: Redacted.make(clientSecret),
    cookieSecret: Redacted.make(cookieSecret),
    tokenStore: watched()
  })
  const one = (number) =>
    Effect.gen(function* () {
      const session = yield* sessions.session({ headers: { cookie } })
      if (Option.isNone(session)) return "nobody"
      return yield* session.value.metrics
        .execute({ document: `query q${number} { __typename }`, schema: Schema.Unknown })
        .pipe(Effect.match({ onFailure: ({ reason }) => reason, onSuccess: () => "ok" }))
    })
  // This request makes the process read the session before the refresh.
  yield* one(0)
  yield* say("ready")
  yield* told
  isTold = true
  const answers = yield* Effect.all(
    Array.from({ length: requests }, (_, index) => one(index + 1)),
    { concurrency: "unbounded" }
  )
  for (const answer of new Set(answers)) yield* say(answer)
  yield* say("done")
})

await Effect.runPromise(Effect.scoped(program))
process.exit(0)

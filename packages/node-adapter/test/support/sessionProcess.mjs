// A process of a web app whose sessions are in files. Its task is JSON in the first argument. It
// sends its requests at once when its parent tells it to, as long as it lives.
import { createInterface } from "node:readline"
import * as Api from "@innerspace-metrics/core/Api"
import * as FileTokenStore from "@innerspace-metrics/node-adapter/FileTokenStore"
import * as WebSessions from "@innerspace-metrics/node-adapter/WebSessions"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

const { baseUrl, clientSecret, cookie, cookieSecret, directory, requests, ...options } = JSON.parse(
  process.argv[2] ?? ""
)

const say = (line) => Effect.sync(() => process.stdout.write(`${line}\n`))

/** Waits until its parent tells it to go on. */
const told = Effect.async((resume) => {
  createInterface({ input: process.stdin }).once("line", () => resume(Effect.void))
})

const program = Effect.gen(function* () {
  const sessions = yield* WebSessions.make({
    ...options,
    api: Api.withBaseUrl(Api.v1, baseUrl),
    clientSecret: Redacted.make(clientSecret),
    cookieSecret: Redacted.make(cookieSecret),
    tokenStore: FileTokenStore.make({ directory })
  })
  const one = (number) =>
    Effect.gen(function* () {
      const session = yield* sessions.session({ headers: { cookie } })
      if (Option.isNone(session)) return "nobody"
      return yield* session.value.metrics
        .execute({ document: `query q${number} { __typename }`, schema: Schema.Unknown })
        .pipe(Effect.match({ onFailure: ({ reason }) => reason, onSuccess: () => "ok" }))
    })
  // As a process that has served the session already.
  yield* one(0)
  yield* say("ready")
  yield* told
  const answers = yield* Effect.all(
    Array.from({ length: requests }, (_, index) => one(index + 1)),
    { concurrency: "unbounded" }
  )
  for (const answer of new Set(answers)) yield* say(answer)
  yield* say("done")
})

await Effect.runPromise(Effect.scoped(program))
process.exit(0)

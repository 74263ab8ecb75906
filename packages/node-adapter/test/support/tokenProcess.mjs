// A process that uses the file token store. Its first argument is its task, as JSON. The program
// loads few modules, because tests start many of these processes at once.
import { createInterface } from "node:readline"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as FileTokenStore from "@innerspace-metrics/node-adapter/FileTokenStore"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const { mode, directory, baseUrl, clientId, clientSecret, slowedBy, slowedSince } = JSON.parse(
  process.argv[2] ?? ""
)
const api = Api.withBaseUrl(Api.v1, baseUrl)
const store = FileTokenStore.make({ directory })

const say = (line) => Effect.sync(() => process.stdout.write(`${line}\n`))

/** Waits until the parent of the process tells it to continue. */
const told = Effect.async((resume) => {
  createInterface({ input: process.stdin }).once("line", () => resume(Effect.void))
})

const makeToken = (value, expiresIn) =>
  AccessToken.make({ value: Redacted.make(value), header: api.credential, expiresIn })

const acquire = Effect.gen(function* () {
  const url = yield* Api.tokenUrl(api)
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret })
  const response = yield* Effect.promise(() => fetch(url, { method: "POST", body }))
  const answer = yield* Effect.promise(() => response.json())
  return yield* makeToken(answer.access_token, answer.expires_in)
})

const login = Effect.gen(function* () {
  const key = yield* TokenStore.key(api, clientId)
  const provider = yield* TokenProvider.cached(acquire, { store: TokenStore.place(store, key) })
  const token = yield* provider.get
  yield* say(Redacted.value(token.value))
})

/** Writes tokens of many sizes, one after the other. */
const write = Effect.gen(function* () {
  const key = yield* TokenStore.key(api, clientId)
  for (let number = 0; ; number++) {
    const token = yield* makeToken(`${"x".repeat((number * 997) % 30_000)}${number}`, 3_600)
    yield* store.set(key, token)
    yield* say("written")
  }
})

/**
 * A clock that is slower than real time. In all processes, it becomes slower at the same instant.
 */
const slowClock = (clock) => {
  const slowed = (millis) => slowedSince + (millis - slowedSince) / slowedBy
  return Object.assign(Object.create(clock), {
    unsafeCurrentTimeMillis: () => slowed(clock.unsafeCurrentTimeMillis()),
    currentTimeMillis: Effect.map(clock.currentTimeMillis, slowed),
    sleep: (duration) => clock.sleep(Duration.times(duration, slowedBy))
  })
}

// The first fetch loads the modules of fetch, so the process does this before it says that it is
// ready.
await fetch("data:,")

const program = mode === "login" ? Effect.scoped(login) : write
await Effect.runPromise(
  Effect.zipRight(say("ready"), Effect.zipRight(told, program)).pipe(
    Effect.withClock(slowClock(Clock.make()))
  )
)
process.exit(0)

/** Tests sessions in Redis, as an app on several machines has them. */

import { assert, layer } from "@effect/vitest"
import type * as TokenStore from "@innerspace-metrics/core/TokenStore"
import { WebSessions } from "@innerspace-metrics/node-adapter"
import { Sandbox } from "@innerspace-metrics/sandbox"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { apiOf, freshSandbox } from "../support/client.js"
import * as Redis from "../support/servers/redis.js"
import { appUrl, makeUser } from "../support/webUser.js"

if (!Redis.isInstalled) {
  console.warn(
    "SKIPPED: no Redis server was found, so sessions in Redis were not tested. Install Redis."
  )
}

layer(Sandbox.layer(), { timeout: "1 minute" })("sessions in Redis", (it) => {
  it.scoped.skipIf(!Redis.isInstalled)(
    "are the same on all machines, and a hundred requests of two machines cause one refresh",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* freshSandbox
        const server = yield* Redis.listen
        const machine = Effect.flatMap(server.connect, (tokenStore: TokenStore.TokenStore) =>
          WebSessions.make({
            issuer: sandbox.urls.login,
            clientId: sandbox.signIn.web.clientId,
            clientSecret: sandbox.signIn.web.clientSecret,
            cookieSecret: Redacted.make("a cookie secret of more than 32 characters"),
            audience: sandbox.signIn.audience,
            appUrl,
            api: apiOf(sandbox),
            tokenStore
          })
        )
        const machines = [yield* machine, yield* machine] as const
        const user = makeUser(machines[0])
        yield* Effect.promise(() => user.signIn("/", sandbox.signIn.people.manager))
        const clients = yield* Effect.forEach(machines, (sessions) =>
          Effect.map(
            sessions.session(user.request("/")),
            (found) => Option.getOrThrow(found).metrics
          )
        )
        yield* Effect.forEach(clients, (metrics) =>
          metrics.execute({ document: "{ __typename }", schema: Schema.Unknown })
        )
        yield* sandbox.control.expireTokens
        yield* Effect.forEach(
          Array.from({ length: 50 }, () => clients).flat(),
          (metrics, index) =>
            metrics.execute({ document: `query q${index} { __typename }`, schema: Schema.Unknown }),
          { concurrency: "unbounded" }
        )
        const requests = yield* sandbox.control.requests
        assert.lengthOf(
          requests.filter(({ grantType }) => grantType === "refresh_token"),
          1
        )
      }).pipe(Effect.withClock(Clock.make()))
  )
})

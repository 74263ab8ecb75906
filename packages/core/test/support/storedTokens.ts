import * as KeyValueStore from "@effect/platform/KeyValueStore"
import { assert } from "@effect/vitest"
import * as AccessToken from "@innerspace-metrics/core/AccessToken"
import * as Api from "@innerspace-metrics/core/Api"
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

export const keyOf = (api: Api.Api, clientId = "my-backend") =>
  Either.getOrThrow(TokenStore.key(api, clientId))

export const key = keyOf(Api.v1)

export const text = (token: AccessToken.AccessToken) => Redacted.value(token.value)

export const tokenOf = (value: string, expiresIn?: number) =>
  AccessToken.make({
    value: Redacted.make(value),
    header: Api.v1.credential,
    ...(expiresIn === undefined ? {} : { expiresIn })
  })

/** A token endpoint whose tokens are `token-1`, `token-2` and so on. */
export const makeEndpoint = (expiresIn?: number) => {
  let requests = 0
  let gate: Effect.Effect<void> = Effect.void
  return {
    requests: () => requests,
    hold: Effect.map(Deferred.make<void>(), (made) => {
      gate = Deferred.await(made)
      return Deferred.succeed(made, undefined)
    }),
    acquire: Effect.suspend(() => {
      const number = ++requests
      return Effect.zipRight(gate, tokenOf(`token-${number}`, expiresIn))
    })
  }
}

/** Lets the fibers that the last step started run until all of them wait. */
export const settled = Effect.repeatN(Effect.yieldNow(), 50)

/** Runs an effect and collects the messages that it logs. */
export const logging = <A, E, R>(
  program: (messages: ReadonlyArray<string>) => Effect.Effect<A, E, R>
) =>
  Effect.suspend(() => {
    const messages: Array<string> = []
    const logger = Logger.make(({ message }) => {
      messages.push(String(message))
    })
    return Effect.provide(program(messages), Logger.replace(Logger.defaultLogger, logger))
  })

/** A key-value store whose texts the test can see and change. */
export const makeTexts = Effect.sync(() => {
  const texts = new Map<string, string>()
  return {
    texts,
    only: () => {
      assert.strictEqual(texts.size, 1)
      return [...texts.values()].join()
    },
    store: TokenStore.fromKeyValueStore(
      KeyValueStore.makeStringOnly({
        get: (name) => Effect.sync(() => Option.fromNullable(texts.get(name))),
        set: (name, value) => Effect.sync(() => void texts.set(name, value)),
        remove: (name) => Effect.sync(() => void texts.delete(name)),
        clear: Effect.sync(() => texts.clear()),
        size: Effect.sync(() => texts.size)
      })
    )
  }
})

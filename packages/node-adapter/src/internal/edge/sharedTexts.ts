/** The store of a promise client's token, for all requests that one instance of a Worker serves. */
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

/**
 * It holds only texts and times. It must not hold timers, promises or fibers, because these belong
 * to the request that created them and end with it.
 *
 * A caller that finds the lock held therefore checks again by its own timer. If a request ended
 * without releasing the lock, the lock is taken over after 5 seconds.
 */
export const makeSharedTexts = (): TokenStore.TokenStore => {
  const texts = new Map<string, Redacted.Redacted<string>>()
  const locks = new Map<string, { readonly since: number }>()

  const take = (name: string): Effect.Effect<{ readonly since: number }> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const held = locks.get(name)
      if (held !== undefined && now - held.since < takeOverAfter) {
        return Effect.zipRight(Effect.sleep(lookAgainAfter), take(name))
      }
      const own = { since: now }
      locks.set(name, own)
      return Effect.succeed(own)
    })

  return TokenStore.make({
    get: (name) =>
      Effect.sync(() => Option.map(Option.fromNullable(texts.get(name)), Redacted.value)),
    set: (name, text) => Effect.sync(() => texts.set(name, text)),
    remove: (name) => Effect.sync(() => texts.delete(name)),
    lock: (name) =>
      Effect.asVoid(
        Effect.acquireRelease(Effect.interruptible(take(name)), (own) =>
          Effect.sync(() => {
            if (locks.get(name) === own) locks.delete(name)
          })
        )
      )
  })
}

const takeOverAfter = 5_000

const lookAgainAfter = "20 millis"

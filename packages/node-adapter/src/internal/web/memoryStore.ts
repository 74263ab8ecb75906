/** Sessions in memory, up to a maximum number. */
import * as TokenStore from "@innerspace-metrics/core/TokenStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

interface Lock {
  readonly semaphore: Effect.Semaphore
  users: number
}

/**
 * Creates a store of at most `most` sessions. If there are more sessions, the least recently used
 * session ends.
 */
export const make = (most: number): TokenStore.TokenStore => {
  const texts = new Map<string, Redacted.Redacted<string>>()
  const locks = new Map<string, Lock>()
  const touch = (name: string, text: Redacted.Redacted<string>): void => {
    texts.delete(name)
    texts.set(name, text)
    const [oldest] = texts.keys()
    if (texts.size > most && oldest !== undefined) texts.delete(oldest)
  }
  const leave = (name: string, lock: Lock): void => {
    lock.users--
    if (lock.users === 0) locks.delete(name)
  }
  return TokenStore.make({
    get: (name) =>
      Effect.sync(() => {
        const text = texts.get(name)
        if (text !== undefined) touch(name, text)
        return Option.map(Option.fromNullable(text), Redacted.value)
      }),
    set: (name, text) => Effect.sync(() => touch(name, text)),
    remove: (name) => Effect.sync(() => texts.delete(name)),
    lock: (name) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.suspend(() => {
          const lock = locks.get(name) ?? { semaphore: Effect.unsafeMakeSemaphore(1), users: 0 }
          locks.set(name, lock)
          lock.users++
          return restore(lock.semaphore.take(1)).pipe(
            Effect.onError(() => Effect.sync(() => leave(name, lock))),
            Effect.zipRight(
              Effect.addFinalizer(() =>
                Effect.zipRight(
                  lock.semaphore.release(1),
                  Effect.sync(() => leave(name, lock))
                )
              )
            )
          )
        })
      )
  })
}

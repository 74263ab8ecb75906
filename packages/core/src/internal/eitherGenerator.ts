/**
 * `Either.gen` for a function. The generator function is created once, not at each call, because
 * its creation takes microseconds, which is longer than most function bodies take.
 */
import * as Either from "effect/Either"
import { type YieldWrap, yieldWrapGet } from "effect/Utils"

export const eitherFn =
  <Args extends ReadonlyArray<unknown>, E, A>(
    body: (...args: Args) => Generator<YieldWrap<Either.Either<unknown, E>>, A, never>
  ) =>
  (...args: Args): Either.Either<A, E> => {
    const steps = body(...args)
    let step = steps.next()
    while (!step.done) {
      const either = yieldWrapGet(step.value)
      if (Either.isLeft(either)) return Either.left(either.left)
      // A `yield*` of an Either has the type of its Right, whatever the generator's type says.
      step = steps.next(either.right as never)
    }
    return Either.right(step.value)
  }

/**
 * `Either.gen` for a whole function. `Either.gen` inside a function creates a generator function at
 * each call, and this takes longer than running the body of most functions. Here the generator
 * function is created only once.
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
      // The result of `yield*` has the type of the Either's Right, but the generator's type does
      // not say so.
      step = steps.next(either.right as never)
    }
    return Either.right(step.value)
  }

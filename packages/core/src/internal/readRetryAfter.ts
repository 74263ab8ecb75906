import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

export const readRetryAfter = (
  headers: { readonly [name: string]: string | undefined },
  now: number
): Duration.Duration | undefined =>
  Option.fromNullable(headers["retry-after"]).pipe(
    Option.flatMap((text) => secondsOrDate(text.trim(), now)),
    Option.orElse(() =>
      Option.flatMap(Option.fromNullable(headers["x-ratelimit-reset"]), (text) =>
        secondsOrEpoch(text.trim(), now)
      )
    ),
    Option.map((millis) => Duration.millis(Math.max(0, millis))),
    Option.getOrUndefined
  )

const wholeNumber = /^\d{1,12}$/

const secondsOrDate = (text: string, now: number): Option.Option<number> => {
  if (wholeNumber.test(text)) return Option.some(Number(text) * 1000)
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? Option.none() : Option.some(millis - now)
}

/** No limit lasts a million seconds more than ten days, and no epoch was that small since 1970. */
const secondsOrEpoch = (text: string, now: number): Option.Option<number> => {
  if (!wholeNumber.test(text)) return Option.none()
  const seconds = Number(text)
  return Option.some(seconds < 1_000_000_000 ? seconds * 1000 : seconds * 1000 - now)
}

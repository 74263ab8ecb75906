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

/** RFC 9110 has whole seconds; some servers send fractions. */
const seconds = /^\d{1,12}(?:\.\d{1,9})?$/

const secondsOrDate = (text: string, now: number): Option.Option<number> => {
  if (seconds.test(text)) return Option.some(Number(text) * 1000)
  // Without a letter it is no HTTP date, and the parser would make one of nearly any number.
  const millis = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(millis) ? Option.none() : Option.some(millis - now)
}

/** No wait lasts a billion seconds, and no time to come is less than a billion seconds after 1970. */
const secondsOrEpoch = (text: string, now: number): Option.Option<number> => {
  if (!seconds.test(text)) return Option.none()
  const number = Number(text)
  return Option.some(number < 1_000_000_000 ? number * 1000 : number * 1000 - now)
}

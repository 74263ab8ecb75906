import * as Schema from "effect/Schema"

const exactly = { exact: true } as const

const Ordinal = Schema.Int.pipe(Schema.positive())

/**
 * The matching requests to which a fault applies. All given conditions must hold. The fault ends
 * when it has happened `times` times, after the last ordinal, or when `duringSeconds` have passed,
 * whichever comes first.
 */
export const schedule = {
  /**
   * How often the fault happens. Default: once, or `always` if one of the other fields is given.
   */
  times: Schema.optionalWith(Schema.Union(Ordinal, Schema.Literal("always")), exactly),
  /** The numbers of the requests, counted from 1 since the fault was injected. */
  ordinals: Schema.optionalWith(Schema.NonEmptyArray(Ordinal), exactly),
  /** The share of requests, from 0 to 1. The sandbox's seed selects the requests. */
  chance: Schema.optionalWith(Schema.Number.pipe(Schema.between(0, 1)), exactly),
  /** How long the fault lasts, by the sandbox's clock. */
  duringSeconds: Schema.optionalWith(Schema.NonNegative, exactly)
}

const ScheduleStruct = Schema.Struct(schedule)

/** When a fault happens. */
export type Schedule = typeof ScheduleStruct.Type

/** The schedule of a fault, without its other fields. */
export const scheduleOf = ({ chance, duringSeconds, ordinals, times }: Schedule): Schedule => ({
  ...(times === undefined ? {} : { times }),
  ...(ordinals === undefined ? {} : { ordinals }),
  ...(chance === undefined ? {} : { chance }),
  ...(duringSeconds === undefined ? {} : { duringSeconds })
})

/** How often a fault may happen, if its other conditions hold. */
export const limitOf = ({ chance, duringSeconds, ordinals, times }: Schedule): number => {
  if (times !== undefined) return times === "always" ? Number.POSITIVE_INFINITY : times
  return chance === undefined && duringSeconds === undefined && ordinals === undefined
    ? 1
    : Number.POSITIVE_INFINITY
}

import * as Schema from "effect/Schema"

const exactly = { exact: true } as const

const Ordinal = Schema.Int.pipe(Schema.positive())

/**
 * The matching requests to which a fault applies. All given conditions must hold. The fault ends
 * when it has happened `times` times, after the last ordinal, or when its time is up, whichever
 * comes first.
 */
export const schedule = {
  /** How often it happens. Default: once, or `always` if one of the other fields is given. */
  times: Schema.optionalWith(Schema.Union(Ordinal, Schema.Literal("always")), exactly),
  /** Which requests, counted from 1 since the fault was injected. */
  ordinals: Schema.optionalWith(Schema.NonEmptyArray(Ordinal), exactly),
  /** The share of requests, from 0 to 1, chosen by the sandbox's seed. */
  chance: Schema.optionalWith(Schema.Number.pipe(Schema.between(0, 1)), exactly),
  /** How long it lasts, by the sandbox's clock. */
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

/** The limit of a fault's occurrences, apart from its other conditions. */
export const limitOf = ({ chance, duringSeconds, ordinals, times }: Schedule): number => {
  if (times !== undefined) return times === "always" ? Number.POSITIVE_INFINITY : times
  return chance === undefined && duringSeconds === undefined && ordinals === undefined
    ? 1
    : Number.POSITIVE_INFINITY
}

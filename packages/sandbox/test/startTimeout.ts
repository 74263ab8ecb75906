import * as Duration from "effect/Duration"

/** The first start on a machine prepares the database, which takes a while where cores are shared. */
export const startTimeout = Duration.minutes(2)

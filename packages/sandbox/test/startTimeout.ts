/**
 * The first start on a machine prepares the database, which takes a while where cores are shared.
 */
export const startTimeout = "2 minutes"

/** The same for tests that start sandboxes themselves. */
export const startMillis = 120_000

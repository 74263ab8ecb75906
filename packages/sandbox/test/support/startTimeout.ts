/**
 * The time limit for the start of a sandbox. The first start on a machine prepares the database,
 * which is slow if other processes use the cores.
 */
export const startTimeout = "2 minutes"

/** The same time in milliseconds, for tests that start sandboxes themselves. */
export const startMillis = 120_000

import type { HasuraError } from "../graphql/HasuraError.js"
import { make } from "../graphql/HasuraError.js"

/** The error for a query of the big building that would need a database. */
export const notSupported = (what: string): HasuraError =>
  make(
    "not-supported",
    `${what} needs a database, but building 900 is computed while it is sent. ` +
      "Filter and order its rows by BUILDING_ID, SITE_ID, ZONE_ID, GROUP_ID, GRANULARITY, DATE_PARTITION and DATE_TIME_START, " +
      "and select only columns"
  )

import type { HasuraError } from "../graphql/HasuraError.js"
import { make } from "../graphql/HasuraError.js"

/** What the building in no database cannot do. */
export const notSupported = (what: string): HasuraError =>
  make(
    "not-supported",
    `${what} needs a database, and building 900 is computed while it is sent: ` +
      "filter and order its rows by BUILDING_ID, SITE_ID, ZONE_ID, GROUP_ID, GRANULARITY, DATE_PARTITION and DATE_TIME_START, " +
      "and select columns only"
  )

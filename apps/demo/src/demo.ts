/**
 * The demo: its sections in their order.
 */
import * as Effect from "effect/Effect"
import { showRequestCounts } from "./requestCounts.js"
import { section } from "./section.js"
import { documentedQuery } from "./sections/documentedQuery.js"
import { hoursOfDay } from "./sections/hoursOfDay.js"
import { login } from "./sections/login.js"
import { renewal } from "./sections/renewal.js"
import { seriesOfZone } from "./sections/seriesOfZone.js"
import { wrongSecret } from "./sections/wrongSecret.js"
import { yearOfHours } from "./sections/yearOfHours.js"
import { yearOfWeeks } from "./sections/yearOfWeeks.js"

export const demo = Effect.all(
  [
    section("Logging in", login),
    section("The documented query", documentedQuery),
    section("A year of weeks of one feature", yearOfWeeks),
    section("Three weeks of hours of one metric", hoursOfDay),
    section("A year of hours of every zone", yearOfHours),
    section("One zone, hour by hour, and its gaps", seriesOfZone),
    section("One token for all of this", showRequestCounts),
    section("The token is refused", renewal),
    section("A wrong secret", wrongSecret)
  ],
  { discard: true }
)

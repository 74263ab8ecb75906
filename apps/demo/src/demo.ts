/** The demo: its sections, in order. */
import * as Effect from "effect/Effect"
import { showRequestCounts } from "./requestCounts.js"
import { section } from "./section.js"
import { commandLine } from "./sections/commandLine.js"
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
    section("One feature by week, for a year", yearOfWeeks),
    section("One metric by hour, for three weeks", hoursOfDay),
    section("Every zone by hour, for a year", yearOfHours),
    section("One zone by hour, with its gaps", seriesOfZone),
    section("One token for all calls so far", showRequestCounts),
    section("A rejected token", renewal),
    section("A wrong secret", wrongSecret),
    section("On the command line", commandLine)
  ],
  { discard: true }
)

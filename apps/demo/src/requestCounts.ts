/**
 * Compares the token requests that the client counted with the token requests that the sandbox
 * received.
 */
import * as Telemetry from "@innerspace-metrics/core/Telemetry"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import { Backend } from "./Backend.js"
import { table } from "./pictures/table.js"

/** Prints the counts since the start of the program. */
export const showRequestCounts = Effect.gen(function* () {
  const { sandbox } = yield* Backend
  const tokenRequests = (yield* Metric.value(Telemetry.tokenRequests)).count
  const received = Option.isNone(sandbox) ? [] : yield* sandbox.value.control.requests
  const count = (kind: "token" | "graphql") =>
    String(received.filter((request) => request.kind === kind).length)
  yield* Console.log(
    table(
      [
        { heading: "counted by" },
        { heading: "token requests", align: "right" },
        { heading: "queries", align: "right" }
      ],
      [
        ["the client (innerspace.client.token.requests)", String(tokenRequests), ""],
        ...(Option.isNone(sandbox)
          ? []
          : [["the sandbox, as received", count("token"), count("graphql")]])
      ]
    )
  )
})

/**
 * Loads undici and the modules of Effect that our client loads, and sends the requests that our
 * client sends. This is the time that our client would take if its own code took no time.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Config from "effect/Config"
import * as DateTime from "effect/DateTime"
import * as DefaultServices from "effect/DefaultServices"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Metric from "effect/Metric"
import * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as RequestBlock from "effect/RequestBlock"
import * as RequestResolver from "effect/RequestResolver"
import * as Schedule from "effect/Schedule"

/** The modules are used here, because a bundler leaves out modules that are not used. */
export const modules = [
  BigDecimal,
  Config,
  DateTime,
  DefaultServices,
  Layer,
  Logger,
  ManagedRuntime,
  Metric,
  ParseResult,
  Redacted,
  RequestBlock,
  RequestResolver,
  Schedule
]

export { open } from "./twoRequests.js"

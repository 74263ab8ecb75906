/** Functions that the client passes to the reader of columns. */
import * as Either from "effect/Either"
import { queryError } from "../queryError.js"
import { wrongValue } from "../rows/readCell.js"
import { readOf } from "../scalar/decode.js"
import { endOf, isBefore, timeOf } from "../stream/page.js"

/**
 * A web app loads the reader of columns later than its other code, as a separate file. If the
 * reader imported code that the app has already loaded, a bundler would move this code into a third
 * file, whose exports would make the app larger. The reader therefore receives these functions.
 */
export const tools = [
  Either.left,
  Either.right,
  queryError,
  readOf,
  wrongValue,
  isBefore,
  timeOf,
  endOf
] as const

export type Tools = typeof tools

/** Functions that the page passes to the reader of columns. */
import * as Either from "effect/Either"
import { queryError } from "../queryError.js"
import { wrongValue } from "../rows/readCell.js"
import { readOf } from "../scalar/decode.js"
import { endOf, isBefore, timeOf } from "../stream/page.js"

/**
 * The reader is loaded separately. It imports nothing that a page has already loaded, because a
 * bundler would move such code into a third file, whose exports would make the page larger. It
 * therefore receives these functions.
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

/** Functions of the page that the reader of columns uses. */
import * as Either from "effect/Either"
import { queryError } from "../queryError.js"
import { wrongValue } from "../rows/readCell.js"
import { readOf } from "../scalar/decode.js"
import { isBefore, timeOf } from "../stream/page.js"

/**
 * The reader is loaded on its own, and imports nothing that a page has already: a bundler would
 * move that into a third file, whose exports would make the page larger. So it gets these.
 */
export const tools = [
  Either.left,
  Either.right,
  queryError,
  readOf,
  wrongValue,
  isBefore,
  timeOf
] as const

export type Tools = typeof tools

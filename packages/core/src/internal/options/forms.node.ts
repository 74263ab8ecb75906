/**
 * Texts that describe the valid values of an option. In a hint, such a text follows the word
 * "Pass".
 */
import { isRecord } from "../../JsonValue.js"
import { isSchema } from "../typeIds.js"
import type * as bundled from "./forms.bundled.js"
import * as kinds from "./kinds.js"

const forms = new Map<unknown, string>([
  [isRecord, "an object"],
  [kinds.isText, "a string"],
  [kinds.isFlag, "true or false"],
  [kinds.isAboveZero, "a number above 0"],
  [kinds.isZeroOrAbove, "a number, 0 or above"],
  [kinds.isCount, "a whole number above 0"],
  [kinds.isDuration, 'a duration, such as "1 second"'],
  [kinds.isDurationAboveZero, 'a duration above 0, such as "1 second"'],
  [kinds.isInterval, 'a duration above 0, such as "1 second"'],
  [kinds.isLimits, "true, false or limits such as { maxQueries: 20 }"],
  [kinds.isAcquire, "an Effect, or a function that returns one"],
  [kinds.isPlace, "what TokenStore.place returns"],
  [kinds.isPath, 'a path that begins with "/"'],
  [kinds.isHeaderText, "text without spaces"],
  [kinds.isEncoding, '"form" or "json"'],
  [kinds.isKeys, "a list of keys"],
  [kinds.isDocument, 'a string, or a DocumentNode from parse() of "graphql"'],
  [isSchema, 'a Schema from "effect/Schema"']
])

export const formOf: typeof bundled.formOf = (fits) =>
  forms.get(fits) ?? "a value of the documented type"

/**
 * The data of an answer, which one reader at a time may change: rows are decoded in place.
 *
 * Saves a copy of each row, up to a tenth of the time that an answer of many rows takes. Measure it
 * with `npm run bench -- decode`.
 */
import * as Option from "effect/Option"
import { type Answer, json } from "../../HttpExchange.js"
import { isJsonObject, type JsonObject, type JsonValue } from "../../JsonValue.js"
import { type ExactCells, withExactCells } from "../rows/exactCells.js"

/** The first reader gets the parsed data. For each later one the text is parsed again. */
export type TakeData = (exact?: ExactCells) => JsonValue

/** `parsed` is the answer's `data`. */
export const makeTakeData = (answer: Answer, parsed: JsonValue): TakeData => {
  let data: JsonValue = parsed
  return (exact) => {
    const taken = data ?? envelopeOf(Option.getOrUndefined(json(answer)))["data"] ?? null
    data = null
    return exact === undefined ? taken : withExactCells(taken, answer.body, exact)
  }
}

/** The fields of an answer; none if it is not an object. */
export const envelopeOf = (json: JsonValue | undefined): JsonObject =>
  isJsonObject(json) ? json : {}

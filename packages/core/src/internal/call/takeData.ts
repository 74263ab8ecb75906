/**
 * The data of a response. Only the first reader gets the parsed data, because decoding changes the
 * rows in place. A copy of the rows would take a third of the time of `JSON.parse`. To measure the
 * time of the copy, use `npm run bench -- decode`.
 */
import * as Option from "effect/Option"
import { type Answer, json } from "../../HttpExchange.js"
import { isJsonObject, type JsonObject, type JsonValue } from "../../JsonValue.js"
import { type ExactCells, withExactCells } from "../rows/exactCells.js"

/** The first reader gets the parsed data. For each later reader the text is parsed again. */
export type TakeData = (exact?: ExactCells) => JsonValue

/** Makes the function that returns the data. `parsed` is the `data` of the response. */
export const makeTakeData = (answer: Answer, parsed: JsonValue): TakeData => {
  let data: JsonValue = parsed
  return (exact) => {
    const taken = data ?? envelopeOf(Option.getOrUndefined(json(answer)))["data"] ?? null
    data = null
    return exact === undefined ? taken : withExactCells(taken, answer.body, exact)
  }
}

/** The fields of a response, or no fields if the response is not an object. */
export const envelopeOf = (json: JsonValue | undefined): JsonObject =>
  isJsonObject(json) ? json : {}

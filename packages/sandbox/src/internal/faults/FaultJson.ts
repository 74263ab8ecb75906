import * as Schema from "effect/Schema"

/**
 * Parses JSON that may contain faults. A `_tag` that is an object or a list becomes its JSON text,
 * which is not the tag of an effect. Effect's decoder of a union would throw for an object such as
 * `{"toString":1}`, because it converts each tag to text.
 */
export const FaultJson = Schema.parseJson({
  reviver: (key, value: unknown) =>
    key === "_tag" && typeof value === "object" ? JSON.stringify(value) : value
})

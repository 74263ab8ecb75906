import * as Schema from "effect/Schema"

/**
 * Parses JSON that may contain faults. The tag of an effect that is an object or a list becomes its
 * JSON text, which is not the tag of an effect. Effect's decoder of a union would throw for an
 * object such as `{"toString":1}`, because it converts each tag to text.
 */
export const FaultJson = Schema.parseJson({
  reviver: (key, value: unknown) =>
    key === "effect" && hasObjectAsTag(value)
      ? { ...value, _tag: JSON.stringify(value._tag) }
      : value
})

const hasObjectAsTag = (value: unknown): value is { readonly _tag: object } =>
  typeof value === "object" &&
  value !== null &&
  "_tag" in value &&
  typeof value._tag === "object" &&
  value._tag !== null

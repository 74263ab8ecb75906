/**
 * Decodes a value by a caller's Schema. This module imports only Effect's parser for Schemas. An
 * import of the module `Schema` would add the whole module to a bundle.
 */
import * as Either from "effect/Either"
import { identity } from "effect/Function"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import { isRecord } from "../../JsonValue.js"
import { type Shown, shownWindow } from "../redact/shownValues.js"
import { cut, partOf, shorten } from "../shorten.js"
import { isSchema } from "../typeIds.js"

/** The first place in a value that does not match a Schema. */
export interface SchemaIssue {
  /** The path from the value to the place: the keys, joined by dots. */
  readonly path: string
  /** The Schema's message, shortened. */
  readonly expected: string
  /** The value at the place, shortened. */
  readonly found: string
  /** The value at the place. */
  readonly wrong: unknown
  /** Longer versions of `path` and `expected`, in which secrets can be found and redacted. */
  readonly texts: ReadonlyArray<Shown>
}

/** Makes a decoder from a Schema. Returns `undefined` if `schema` is not a Schema. */
export const schemaDecoder = (
  schema: unknown
): ((value: unknown) => Either.Either<unknown, SchemaIssue>) | undefined => {
  if (!isSchema(schema)) return undefined
  const decode = ParseResult.decodeUnknownEither(schema)
  return (value) => {
    const tooDeep = depthIssue(value)
    if (tooDeep !== undefined) return Either.left(tooDeep)
    return Either.flatMap(
      Either.try({
        try: () => Either.mapLeft(decode(value), (issue) => firstIssue(issue, value)),
        catch: (cause) => thrownIssue(cause, value)
      }),
      identity
    )
  }
}

/**
 * The issue of a value for which the Schema throws. A transformation of the caller can throw.
 * Effect throws if a literal of a union is compared with an object such as `{"toString":1}`.
 */
export const thrownIssue = (cause: unknown, value: unknown): SchemaIssue =>
  wholeIssue(`the Schema throws ${cause instanceof Error ? cause : shorten(cause)}`, value)

const wholeIssue = (expected: string, value: unknown): SchemaIssue => ({
  path: "",
  expected: cut(expected, 200),
  found: shorten(value),
  wrong: value,
  texts: [{ text: cut(expected, shownWindow + 1), limit: 200 }]
})

/**
 * The maximum depth of a value. Effect decodes values and prints issues with recursive functions,
 * so a deeper value from a server could overflow the stack.
 */
const maxDepth = 200

/** The issue of a value that is nested too deeply. */
export const depthIssue = (value: unknown): SchemaIssue | undefined =>
  nestsDeeper(value, maxDepth)
    ? wholeIssue(`a value nested at most ${maxDepth} levels deep`, value)
    : undefined

const nestsDeeper = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((child) => nestsDeeper(child, levels - 1)))

export const firstIssue = (issue: ParseResult.ParseIssue, value: unknown): SchemaIssue => {
  const [first] = ParseResult.ArrayFormatter.formatIssueSync(firstOf(issue))
  const steps = first?.path ?? []
  const wrong = steps.reduce<unknown>(child, value)
  // Both texts are cut, because a key can be as long as a response, and a message quotes the whole
  // value.
  const path = cut(steps.slice(0, maxDepth).map(String).join("."), shownWindow + 1)
  const expected = cut(first?.message ?? "another value", shownWindow + 1)
  return {
    path: cut(path, 200),
    expected: cut(expected, 200),
    found: shorten(wrong),
    wrong,
    texts: [
      { text: path, limit: 200 },
      { text: expected, limit: 200 }
    ]
  }
}

/**
 * Returns only the first issue, with its values cut to the part that an error shows. The text of
 * all issues could be as long as the response.
 */
const firstOf = (issue: ParseResult.ParseIssue): ParseResult.ParseIssue => {
  const actual = partOf(issue.actual, shownWindow)
  switch (issue._tag) {
    case "Pointer":
      return new ParseResult.Pointer(issue.path, actual, firstOf(issue.issue))
    case "Composite": {
      const [first] = Predicate.hasProperty(issue.issues, Symbol.iterator)
        ? issue.issues
        : [issue.issues]
      return first === undefined
        ? issue
        : new ParseResult.Composite(issue.ast, actual, firstOf(first))
    }
    case "Refinement":
      return new ParseResult.Refinement(issue.ast, actual, issue.kind, firstOf(issue.issue))
    case "Transformation":
      return new ParseResult.Transformation(issue.ast, actual, issue.kind, firstOf(issue.issue))
    case "Type":
      return new ParseResult.Type(issue.ast, actual, issue.message)
    case "Unexpected":
      return new ParseResult.Unexpected(actual, issue.message)
    case "Forbidden":
      return new ParseResult.Forbidden(issue.ast, actual, issue.message)
    case "Missing":
      return issue
  }
}

const child = (parent: unknown, key: PropertyKey): unknown =>
  isRecord(parent) || Array.isArray(parent) ? Reflect.get(parent, key) : undefined

/**
 * Decoding by a Schema of the caller's: by the parser alone, for a bundle that has a Schema has the
 * rest of that code already. A client brings the parser along, since `execute` takes a Schema;
 * queries and their builder do not.
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import { isRecord } from "../../JsonValue.js"
import { isSchema } from "../isSchema.js"
import { type Shown, shownWindow } from "../redact/shownValues.js"
import { cut, partOf, shorten } from "../shorten.js"

/** The first place at which a value does not fit. */
export interface SchemaIssue {
  /** From the value down, its steps joined by dots. */
  readonly path: string
  /** What the Schema says, shortened. */
  readonly expected: string
  /** What is there, shortened. */
  readonly found: string
  /** What is there. */
  readonly wrong: unknown
  /** More of what is shortened here. */
  readonly texts: ReadonlyArray<Shown>
}

/** Undefined for what is no Schema. */
export const schemaDecoder = (
  schema: unknown
): ((value: unknown) => Either.Either<unknown, SchemaIssue>) | undefined => {
  if (!isSchema(schema)) return undefined
  const decode = ParseResult.decodeUnknownEither(schema)
  return (value) => {
    const tooDeep = depthIssue(value)
    return tooDeep === undefined
      ? Either.mapLeft(decode(value), (issue) => firstIssue(issue, value))
      : Either.left(tooDeep)
  }
}

/**
 * A Schema goes down a value by recursion, and so does the text of an issue: a server must not
 * decide how far.
 */
const maxDepth = 200

/** Of a value that no Schema may be asked about. */
export const depthIssue = (value: unknown): SchemaIssue | undefined =>
  nestsDeeper(value, maxDepth)
    ? {
        path: "",
        expected: `nothing that nests deeper than ${maxDepth} levels`,
        found: shorten(value),
        wrong: value,
        texts: []
      }
    : undefined

const nestsDeeper = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((child) => nestsDeeper(child, levels - 1)))

export const firstIssue = (issue: ParseResult.ParseIssue, value: unknown): SchemaIssue => {
  const [first] = ParseResult.ArrayFormatter.formatIssueSync(firstOf(issue))
  const steps = first?.path ?? []
  const wrong = steps.reduce<unknown>(child, value)
  // A key may be as long as an answer, and a message quotes all of the value.
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
 * The issue without those after the first, and without more of the values than a message shows: a
 * text of all would be as large.
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

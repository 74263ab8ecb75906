/**
 * Decoding by a Schema of the caller's: by the parser alone, for a bundle that has a Schema has the rest of that code already. A
 * client brings the parser along, since `execute` takes a Schema; queries and their builder do not.
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import { isRecord } from "../JsonValue.js"
import { cut, shorten } from "./shorten.js"

/** The first place at which a value does not fit. */
export interface SchemaIssue {
  /** From the value down. */
  readonly path: ReadonlyArray<string>
  /** What the Schema says, shortened. */
  readonly expected: string
  /** What is there, shortened. */
  readonly found: string
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

/** A Schema goes down a value by recursion, and so does the text of an issue: a server must not decide how far. */
const maxDepth = 200

/** Of a value that no Schema may be asked about. */
export const depthIssue = (value: unknown): SchemaIssue | undefined =>
  nestsDeeper(value, maxDepth)
    ? {
        path: [],
        expected: `nothing that nests deeper than ${maxDepth} levels`,
        found: shorten(value)
      }
    : undefined

const nestsDeeper = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((child) => nestsDeeper(child, levels - 1)))

/** What `Schema.isSchema` looks for. Its module is large, and whoever has a Schema has it already. */
const isSchema = (value: unknown): value is Schema.Schema<unknown> =>
  (typeof value === "object" || typeof value === "function") &&
  value !== null &&
  Symbol.for("effect/Schema") in value

export const firstIssue = (issue: ParseResult.ParseIssue, value: unknown): SchemaIssue => {
  const [first] = ParseResult.ArrayFormatter.formatIssueSync(issue)
  const path = first?.path ?? []
  return {
    path: path.map(String),
    // A message quotes all of the value.
    expected: cut(first?.message ?? "another value", 200),
    found: shorten(path.reduce<unknown>(child, value))
  }
}

const child = (parent: unknown, key: PropertyKey): unknown =>
  isRecord(parent) || Array.isArray(parent) ? Reflect.get(parent, key) : undefined

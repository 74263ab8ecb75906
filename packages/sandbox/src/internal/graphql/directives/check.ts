import type { DirectiveNode } from "graphql"
import { validationFailed } from "../HasuraError.js"
import * as BooleanValue from "../values/BooleanValue.js"
import type { InputValue, Variables } from "../values/InputValue.js"
import { checkArguments, literal } from "../values/InputValue.js"
import * as IntegerValue from "../values/IntegerValue.js"

/** A location in a document, in Hasura's words. */
export type Place = "a field" | "an inline fragment" | "a query" | "a subscription"

const places: Readonly<Record<string, ReadonlyArray<Place>>> = {
  include: ["a field", "an inline fragment"],
  skip: ["a field", "an inline fragment"],
  cached: ["a query"],
  // Introspection does not show this directive, because Hasura uses it only in Hasura's own tests.
  _multiple_top_level_fields: ["a subscription"]
}

/**
 * Whether the directives of a selection include the selection in the response. A fragment spread
 * counts as an inline fragment, because Hasura first replaces each spread by an inline fragment.
 */
export const isIncluded = (
  directives: ReadonlyArray<DirectiveNode>,
  place: "a field" | "an inline fragment",
  variables: Variables,
  path: string
): boolean => {
  if (directives.length === 0) return true
  const conditions = new Map<string, boolean>()
  check(directives, place, path, (directive, args, at) => {
    const name = directive.name.value
    const condition = args.get("if")
    checkArguments(name, args, ["if"], at)
    if (condition === undefined) {
      throw validationFailed("missing required field 'if'", `${at}.args.if`)
    }
    conditions.set(name, BooleanValue.parse(condition, variables, `${at}.args.if`, "Boolean!"))
  })
  return conditions.get("include") !== false && conditions.get("skip") !== true
}

/**
 * Checks the directives of an operation. They have no effect, because the sandbox does not have
 * Hasura's cache.
 */
export const checkOperation = (
  directives: ReadonlyArray<DirectiveNode>,
  place: "a query" | "a subscription",
  variables: Variables
): void =>
  check(directives, place, "$", (directive, args, at) => {
    const name = directive.name.value
    checkArguments(name, args, name === "cached" ? ["ttl", "refresh"] : [], at)
    const ttl = args.get("ttl")
    if (ttl !== undefined) {
      const path = `${at}.args.ttl`
      IntegerValue.parse(variables.peel(ttl, "Int!", path, true), variables, path)
    }
    const refresh = args.get("refresh")
    if (refresh !== undefined) {
      BooleanValue.parse(refresh, variables, `${at}.args.refresh`, "Boolean!", true)
    }
  })

const check = (
  directives: ReadonlyArray<DirectiveNode>,
  place: Place,
  path: string,
  read: (directive: DirectiveNode, args: ReadonlyMap<string, InputValue>, path: string) => void
): void => {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const directive of directives) {
    const name = directive.name.value
    const allowed = Object.hasOwn(places, name) ? places[name] : undefined
    if (allowed === undefined) {
      throw validationFailed(`directive '${name}' is not defined in the schema`, path)
    }
    if (!allowed.includes(place)) {
      throw validationFailed(`directive '${name}' is not allowed on ${place}`, path)
    }
    const args = (directive.arguments ?? []).map(
      (argument) => [argument.name.value, literal(argument.value)] as const
    )
    read(directive, new Map(args), `${path}.${name}`)
    if (seen.has(name)) twice.add(name)
    seen.add(name)
  }
  if (twice.size > 0) {
    const names = [...twice].map((name) => `'${name}'`).join(", ")
    throw validationFailed(`the following directives are used more than once: [${names}]`, path)
  }
}

/** A1: arrays and ltree, compared with an evaluation of the same rows in memory. */
import * as EffectOrder from "effect/Order"
import { ordered } from "../order/ordered.js"
import { type Filtered, over } from "../rule.js"
import { ordinary } from "./everyType.js"

const hasNulls = true

const ofInts = over("v2", ordinary("ints"))
const ofStrings = over("v2", ordinary("strings"))

const holdsAll = <A>(list: ReadonlyArray<A>, wanted: ReadonlyArray<A>) =>
  wanted.every((value) => list.includes(value))

const hard = ['"quoted"', "back\\slash", "{curly}", "com,ma", "NULL"]

const arrays: ReadonlyArray<Filtered> = [
  ...ordered("[Int!]", ofInts, {
    cell: ({ ints }) => ints,
    filter: (ints) => ({ ints }),
    order: EffectOrder.array(EffectOrder.number),
    hasNulls
  }),
  ofInts(
    "A1 [Int!] _contains, in any order and however often",
    () => ({ ints: { _contains: [2, 1, 1] } }),
    ({ ints }) => ints !== null && holdsAll(ints, [1, 2])
  ),
  ofInts(
    "A1 [Int!] _contained_in",
    () => ({ ints: { _contained_in: [2, 1, 0] } }),
    ({ ints }) => ints !== null && holdsAll([0, 1, 2], ints)
  ),
  ...ordered("[String!]", ofStrings, {
    cell: ({ strings }) => strings,
    filter: (strings) => ({ strings }),
    order: EffectOrder.array(EffectOrder.string),
    hasNulls
  }),
  ofStrings(
    "A1 [String!] _contains of text that is hard to quote",
    () => ({ strings: { _contains: hard } }),
    ({ strings }) => strings !== null && holdsAll(strings, hard)
  ),
  ofStrings(
    "A1 [String!] _contained_in",
    () => ({ strings: { _contained_in: ["b", "a", ""] } }),
    ({ strings }) => strings !== null && holdsAll(["a", "b", ""], strings)
  ),
  ofStrings(
    "A1 [String!] _eq of no elements",
    () => ({ strings: { _eq: [] } }),
    ({ strings }) => strings?.length === 0
  )
]

const labels = (path: string): ReadonlyArray<string> => (path === "" ? [] : path.split("."))

/** Whether the first path is an ancestor of the second, or equal to it. */
const leadsTo = (path: string, other: string): boolean =>
  labels(path).every((label, index) => label === labels(other)[index])

const ofPaths = over("v2", ordinary("ltree"))

/** A row whose path is null matches no operator. */
const path =
  (holds: (path: string) => boolean) =>
  ({ ltree }: { readonly ltree: string | null }): boolean =>
    ltree !== null && holds(ltree)

const ltree: ReadonlyArray<Filtered> = [
  ...ordered("ltree", ofPaths, {
    cell: ({ ltree }) => ltree,
    filter: (ltree) => ({ ltree }),
    order: EffectOrder.mapInput(EffectOrder.array(EffectOrder.string), labels),
    hasNulls
  }),
  ofPaths(
    "A1 ltree _ancestor: the path itself is one",
    () => ({ ltree: { _ancestor: "site.floor1" } }),
    path((found) => leadsTo(found, "site.floor1"))
  ),
  ofPaths(
    "A1 ltree _ancestor_any",
    () => ({ ltree: { _ancestor_any: ["other.floor2", "site"] } }),
    path((found) => leadsTo(found, "other.floor2") || leadsTo(found, "site"))
  ),
  ofPaths(
    "A1 ltree _descendant: the path itself is one",
    () => ({ ltree: { _descendant: "site.floor1" } }),
    path((found) => leadsTo("site.floor1", found))
  ),
  ofPaths(
    "A1 ltree _descendant_any",
    () => ({ ltree: { _descendant_any: ["other", "site.floor2"] } }),
    path((found) => leadsTo("other", found) || leadsTo("site.floor2", found))
  ),
  ofPaths(
    "A1 ltree _matches",
    () => ({ ltree: { _matches: "*.floor1.*" } }),
    path((found) => labels(found).includes("floor1"))
  ),
  ofPaths(
    "A1 ltree _matches_any",
    () => ({ ltree: { _matches_any: ["*.desk", "other"] } }),
    path((found) => labels(found).at(-1) === "desk" || found === "other")
  ),
  ofPaths(
    "A1 ltree _matches_fulltext",
    () => ({ ltree: { _matches_fulltext: "floor1 & !desk" } }),
    path((found) => labels(found).includes("floor1") && !labels(found).includes("desk"))
  )
]

export const listsAndPaths: ReadonlyArray<Filtered> = [...arrays, ...ltree]

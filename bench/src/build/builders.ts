/**
 * Ways to build the text of an operation. Each function builds `count` operations and returns their
 * total length.
 */
import * as Operation from "@innerspace-metrics/core/Operation"
import * as QueryBuilder from "@innerspace-metrics/core/QueryBuilder"
import * as Effect from "effect/Effect"
import { graphql } from "gql.tada"
import { parse, print } from "graphql"
import type { Use } from "../clients/shared/client.js"
import { queries } from "../clients/shared/oursQueries.js"
import { document, selection } from "../clients/shared/weekly.js"
import { genqlClient } from "../measurement/genqlClient.js"

type Builder = (count: number) => number | Promise<number>

const each =
  (text: (building: number) => string): Builder =>
  (count) => {
    let length = 0
    for (let building = 0; building < count; building++) length += text(building).length
    return length
  }

/** Builds all operations in one run of Effect's runtime, as a program with Effect does. */
const eachEffect = (count: number, text: (building: number) => Effect.Effect<string, unknown>) => {
  let length = 0
  return Effect.runPromise(
    Effect.iterate(0, {
      while: (building) => building < count,
      body: (building) =>
        Effect.map(text(building), (text) => {
          length += text.length
          return building + 1
        })
    }).pipe(Effect.map(() => length))
  )
}

const ours = (use: Use): Builder => {
  const queryFor = queries(use)
  return (count) =>
    eachEffect(count, (building) =>
      Effect.map(QueryBuilder.build(queryFor(building)), Operation.toText)
    )
}

/** Does not build operations, but looks up texts that were built before. */
const lookUp = (): Builder => {
  const queryFor = queries({ isRepeated: true, hasSpans: false })
  const texts = new WeakMap<object, string>()
  for (let building = 0; building < 200; building++) texts.set(queryFor(building), document)
  return (count) =>
    eachEffect(count, (building) => Effect.sync(() => texts.get(queryFor(building)) ?? ""))
}

export const builders: { readonly [name: string]: () => Builder | Promise<Builder> } = {
  "innerspace-metrics, new queries": () => ours({ isRepeated: false, hasSpans: false }),
  "innerspace-metrics, new queries of a zone": () =>
    ours({ isRepeated: false, hasSpans: false, isOfZone: true }),
  "innerspace-metrics": () => ours({ isRepeated: true, hasSpans: false }),
  "a look-up": lookUp,
  genql: async () => {
    const { generateQueryOp } = await genqlClient()
    return each((building) => generateQueryOp(selection(building)).query)
  },
  "gql.tada, graphql() and print": () => each(() => print(graphql(document))),
  "graphql, parse and print": () => each(() => print(parse(document)))
}

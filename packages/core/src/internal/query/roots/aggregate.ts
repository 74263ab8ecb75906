/** The root field that returns aggregates over a table's rows. */

import { isJsonObject } from "../../../JsonValue.js"
import { eitherFn } from "../../eitherGenerator.js"
import * as Ast from "../../graphql/ast.js"
import { exactCellsOf } from "../../rows/exactCells.js"
import { decodeSelected } from "../../rows/readCell.js"
import { readRow, wrongShape } from "../../rows/readRows.js"
import { buildAggregates } from "../aggregates.js"
import { buildArguments } from "../arguments.js"
import type { RootBuilder } from "../spec.js"

const suffix = "_aggregate"

const build: RootBuilder["build"] = eitherFn(function* (query, alias, scope) {
  const table = query.table
  const aggregates = yield* decodeSelected(yield* buildAggregates(query.select[0], table), query)
  const args = yield* buildArguments(query, table, scope)
  return {
    node: Ast.field(table.name + suffix, {
      alias,
      arguments: args,
      selections: [Ast.field("aggregate", { selections: aggregates.map(({ node }) => node) })]
    }),
    exact: exactCellsOf([{ key: "aggregate", exact: exactCellsOf(aggregates) }]),
    read: (value, row, inPlace) => {
      const found = isJsonObject(value) ? value["aggregate"] : undefined
      return isJsonObject(found)
        ? readRow(found, aggregates, table.name, row, inPlace)
        : wrongShape(table.name, `The response field ${alias}`, "aggregates", value)
    }
  }
})

export const aggregateField: RootBuilder = { _tag: "Aggregate", suffix, build }

/** The root field that returns a table's rows. */

import { eitherFn } from "../../eitherGenerator.js"
import * as Ast from "../../graphql/ast.js"
import { exactCellsOf } from "../../rows/exactCells.js"
import { readRawRows, readRows } from "../../rows/readRows.js"
import { buildArguments } from "../arguments.js"
import { selectionOf } from "../selection.js"
import type { RootBuilder } from "../spec.js"

const build: RootBuilder["build"] = eitherFn(function* (query, alias, scope) {
  const table = query.table
  const selected = yield* selectionOf(query, scope)
  const besides = query.besides.map(({ as, column }) => Ast.field(column, { alias: as }))
  const besidesExact = query.besides.map(({ as, column }) => ({
    key: as,
    exact: table.byName.get(column)?.scalar.parseExact
  }))
  const args = yield* buildArguments(query, table, scope)
  // Whether the rows of the response are returned unchanged. If a stream has added columns
  // (`besides`), these columns must be removed from each row. The value is computed here, because
  // `read` can be in use longer than the query and should not keep the query in memory.
  const keepsRows = query.isRaw && query.besides.length === 0
  return {
    node: Ast.field(table.name, {
      alias,
      arguments: args,
      selections: [...selected.map(({ node }) => node), ...besides]
    }),
    exact: exactCellsOf([...selected, ...besidesExact]),
    read: (list, _row, inPlace) => {
      const thing = `The response field ${alias}`
      return keepsRows
        ? readRawRows(list, table.name, thing)
        : readRows(list, selected, table.name, thing, inPlace)
    }
  }
})

export const rowsField: RootBuilder = { _tag: "Rows", suffix: "", build }

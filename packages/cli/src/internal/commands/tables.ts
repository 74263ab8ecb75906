/**
 * `innerspace tables`: the tables that can be queried, and whether their columns are documented by
 * the vendor, observed in an API, or assumed.
 */
import * as Catalog from "@innerspace-metrics/core/Catalog"
import * as MetricsClient from "@innerspace-metrics/core/MetricsClient"
import * as Effect from "effect/Effect"
import { type AnyTable, catalogueOf, tableNamed } from "../client/catalogue.js"
import { withSession } from "../client/session.js"
import type { Outcome, Run } from "../frame/command.js"
import { flag } from "../frame/read.js"
import { renderTable } from "../render/table.js"
import { readSettings } from "../settings/settings.js"

export const run: Run = (world, input) =>
  Effect.gen(function* () {
    const settings = yield* readSettings(world, input)
    const catalog = flag(input, "live")
      ? yield* withSession(
          settings,
          Effect.flatMap(MetricsClient.MetricsClient, ({ schema }) =>
            Effect.flatMap(schema, (answer) =>
              Catalog.fromIntrospection(`the server's schema (${settings.api.value})`, answer)
            )
          )
        )
      : yield* catalogueOf(settings)
    const [name] = input.args
    return name === undefined ? listOf(catalog) : columnsOf(yield* tableNamed(catalog, name))
  })

const listOf = (catalog: Catalog.Catalog): Outcome => {
  const data = [...catalog.tables.values()].map((table) => ({
    table: table.name,
    columns: table.byName.size,
    dimensions: table.dimensions,
    evidence: evidenceOf([...table.byName.values()].map(({ evidence }) => evidence))
  }))
  return {
    data,
    print: (output) =>
      output.write(
        renderTable(
          [
            { title: "table" },
            { title: "columns", isNumber: true },
            { title: "known" },
            { title: "filter by" }
          ],
          data.map(({ columns, dimensions, evidence, table }) => [
            table,
            String(columns),
            evidence,
            dimensions.join(", ")
          ]),
          output
        )
      )
  }
}

/** The kinds of evidence of a table and its columns, such as `documented`. */
const evidenceOf = (evidences: ReadonlyArray<string>): string =>
  [...new Set(evidences)].sort().join(" and ")

const columnsOf = (table: AnyTable): Outcome => {
  const data = [...table.byName].map(
    ([column, { evidence, isKey, isNullable, scalar, source }]) => ({
      column,
      type: scalar.name,
      nullable: isNullable,
      key: isKey,
      evidence,
      source,
      values: scalar.values ?? scalar.names ?? null
    })
  )
  return {
    data: { table: table.name, columns: data },
    print: (output) =>
      output.write(
        renderTable(
          [
            { title: "column" },
            { title: "type" },
            { title: "null" },
            { title: "key" },
            { title: "known" },
            { title: "source" }
          ],
          data.map(({ column, evidence, key, nullable, source, type }) => [
            column,
            type,
            nullable ? "yes" : "",
            key ? "yes" : "",
            evidence,
            source
          ]),
          output
        )
      )
  }
}

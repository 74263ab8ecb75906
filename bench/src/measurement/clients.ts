/** The clients that several sections measure, and the tables of their figures. */
import type { Bar, Table } from "./results.js"
import { rowsOf } from "./rows.js"

/** A measured client: its name in the tables and its module in `src/clients`. */
export interface Client {
  readonly name: string
  readonly client: string
  /** The package whose version the table shows. */
  readonly of?: string
}

export const fetch: Client = { name: "global fetch", client: "fetch" }
export const undici: Client = {
  name: "undici.request + JSON.parse",
  client: "undici",
  of: "undici"
}
export const graphqlRequest: Client = {
  name: "graphql-request",
  client: "graphqlRequest",
  of: "graphql-request"
}
export const urql: Client = { name: "@urql/core", client: "urql", of: "@urql/core" }
export const apollo: Client = { name: "@apollo/client", client: "apollo", of: "@apollo/client" }
export const genql: Client = { name: "genql", client: "genql", of: "@genql/cli" }
export const effectUndici: Client = {
  name: "Effect HttpClient on undici",
  client: "effectUndici",
  of: "@effect/platform-node"
}
export const effectFetch: Client = {
  name: "Effect HttpClient on fetch",
  client: "effectFetch",
  of: "@effect/platform"
}

/** Makes a table for each figure. The ratios in the table are relative to graphql-request. */
export const tablesOf =
  (
    programs: ReadonlyArray<{ readonly name: string; readonly of?: string }>,
    figures: (program: string, figure: string) => ReadonlyArray<number>
  ) =>
  (
    title: string,
    figure: string,
    unit: string,
    bars: ReadonlyArray<Bar> = [],
    decimals = 0
  ): Table => ({
    title,
    unit,
    decimals,
    reference: graphqlRequest.name,
    rows: rowsOf(programs, ({ name }) => figures(name, figure)),
    bars
  })

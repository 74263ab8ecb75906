import type { ApiName } from "./ApiName.js"
import * as insights from "./catalog/insights.js"
import * as v1 from "./catalog/v1.js"
import { schemas } from "./data/schemas.js"
import { everyType } from "./everyType/table.js"
import type { Table } from "./graphql/Table.js"

/** The tables of each generation of the API, as a role sees them that may aggregate, or may not. */
const tables: Readonly<Record<ApiName, (aggregations: boolean) => ReadonlyArray<Table>>> = {
  v1: v1.tables,
  "v1.5": (aggregations) => insights.tables(schemas.v1_5, aggregations),
  v2: (aggregations) => insights.tables(schemas.v2, aggregations)
}

/** With tables that the vendor does not have, if they are wanted. */
export const tablesOf =
  (api: ApiName, hasEveryType: boolean) =>
  (aggregations: boolean): ReadonlyArray<Table> =>
    hasEveryType
      ? [...tables[api](aggregations), ...everyType(aggregations)]
      : tables[api](aggregations)

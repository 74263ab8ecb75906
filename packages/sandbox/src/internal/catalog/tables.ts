import type { ApiName } from "../ApiName.js"
import { schemas } from "../data/schemas.js"
import { everyType } from "../everyType/table.js"
import type { Table } from "../graphql/Table.js"
import { insightTables } from "./insightTables.js"
import { v1Tables } from "./v1Tables.js"

/** The tables of each generation of the API, for a role that may aggregate or may not. */
const tables: Readonly<Record<ApiName, (aggregations: boolean) => ReadonlyArray<Table>>> = {
  v1: v1Tables,
  "v1.5": (aggregations) => insightTables(schemas.v1_5, aggregations),
  v2: (aggregations) => insightTables(schemas.v2, aggregations)
}

/**
 * The tables of a generation. If `everyType` is set, they include the two tables that the vendor
 * does not have.
 */
export const tablesOf =
  (api: ApiName, hasEveryType: boolean) =>
  (aggregations: boolean): ReadonlyArray<Table> =>
    hasEveryType
      ? [...tables[api](aggregations), ...everyType(aggregations)]
      : tables[api](aggregations)

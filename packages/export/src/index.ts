/**
 * All modules of the package, as namespaces. The functions that return promises are in
 * `@innerspace-metrics/export/promise`.
 */
export * as Airbyte from "./Airbyte.js"
export * as Arrow from "./Arrow.js"
export type * as Connector from "./Connector.js"
export * as Csv from "./Csv.js"
export * as Dataset from "./Dataset.js"
export * as DatasetError from "./DatasetError.js"
export * as DuckDb from "./DuckDb.js"
export * as Export from "./Export.js"
export * as ExportError from "./ExportError.js"
export * as Ndjson from "./Ndjson.js"
export * as Parquet from "./Parquet.js"
export * as Singer from "./Singer.js"

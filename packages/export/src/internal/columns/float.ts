import type { Value } from "./column.js"

/**
 * Formats a value of `float8`. A number has a decimal point or an exponent, because DuckDB chooses
 * the type of a column by its first rows. If these have only whole numbers, DuckDB chooses an
 * integer type and rounds the later numbers (`findings/duckdb-late-decimals.sh`).
 */
export const formatFloat = (value: Value): string =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e21
    ? `${value}.0`
    : String(value)

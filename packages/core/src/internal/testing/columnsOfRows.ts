/** Makes a batch of columns from decoded rows, for tests of apps. */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import type { ColumnBatch } from "../../ColumnBatch.js"
import { isRecord } from "../../JsonValue.js"
import type { DecodeError, QueryError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import { fieldsOf, isFields } from "../columns/plan.js"
import { batchOfJson } from "../columns/reader.js"
import { tools } from "../columns/tools.js"

/** Makes the batch that a server's response with these rows would give. */
export const batchOfRows = <Row>(
  query: Query<Row>,
  rows: ReadonlyArray<Row>
): Either.Either<ColumnBatch<Row>, QueryError | DecodeError> => {
  const fields = fieldsOf(query, tools)
  if (!isFields(fields)) return Either.left(fields)
  return batchOfJson(
    query,
    rows.map((row) =>
      Object.fromEntries(
        fields.map(({ name }) => [name, sent(isRecord(row) ? row[name] : undefined)])
      )
    ),
    tools
  )
}

/** Returns a decoded value in the form in which a server sends it. */
const sent = (value: unknown): unknown => {
  if (typeof value === "bigint") return String(value)
  if (DateTime.isDateTime(value)) return DateTime.formatIso(value)
  return BigDecimal.isBigDecimal(value) ? BigDecimal.format(value) : value
}

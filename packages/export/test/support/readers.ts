/** Reads files with readers that share no code with the writers. */
import { readFile } from "node:fs/promises"
import { gunzipSync } from "node:zlib"
import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api"
import { parquetReadObjects } from "hyparquet"

/** The rows of an SQL query. DuckDB's session is in UTC. */
export const sql = async (
  query: string,
  database = ":memory:"
): Promise<ReadonlyArray<Record<string, DuckDBValue>>> => {
  const instance = await DuckDBInstance.create(database)
  const connection = await instance.connect()
  try {
    await connection.run("SET TimeZone = 'UTC'")
    // This reads all rows at once. A read that streams would end without an error if the query
    // fails halfway.
    return (await connection.runAndReadAll(query)).getRowObjects()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** The rows of a Parquet file by hyparquet, with instants in microseconds. */
export const parquetRows = async (
  path: string
): Promise<ReadonlyArray<Record<string, unknown>>> => {
  const bytes = await readFile(path)
  return parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    parsers: { timestampFromMicroseconds: (micros) => micros },
    compressors: { GZIP: (input) => gunzipSync(input) }
  })
}

const prefix = `{"data":{"data":[{"feature_value":null}`
const row = `,{"feature_value":{"1":10,"2":20,"3":30},"date_time_start":"2024-01-01T06:00:00+00:00"}`
const suffix = "]}}"
const chunk = row.repeat(700)

/**
 * A GraphQL response of exactly `bytes` bytes. It contains rows and then spaces, which JSON allows
 * anywhere.
 */
export function* hugePieces(bytes: number): Iterable<string> {
  let left = bytes - prefix.length - suffix.length
  if (left < 0) {
    yield " ".repeat(bytes)
    return
  }
  yield prefix
  while (left >= row.length) {
    const part = left >= chunk.length ? chunk : row
    left -= part.length
    yield part
  }
  yield " ".repeat(left) + suffix
}

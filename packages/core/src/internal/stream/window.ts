/**
 * Reads the rows of one window, page by page, so that no row is lost or repeated.
 *
 * A page begins after the key of a row (the values of its key columns), so two pages must not have
 * rows with the same key. The rows with the last key of a page are therefore held back, until it is
 * certain that no row with this key is missing. For this purpose, a page requests one row more than
 * it returns. If a page is not full, the server may have cut it to the row limit of the token's
 * role. A window therefore ends only with an empty page.
 */
import * as Effect from "effect/Effect"
import { type CallError, DecodeError, QueryError } from "../../MetricsError.js"
import type * as Streaming from "../../Streaming.js"
import type * as TimeRange from "../../TimeRange.js"
import type { CheckedStream } from "./check.js"
import { type KeyValues, type Page, type PageReader, type PageSource, page } from "./page.js"
import { asksForTooMuch, type PageSize, stillTooMuch } from "./pageSize.js"
import { rowsAtMost } from "./plan.js"

/** Rows of a window that are returned together, and the resume point after these rows. */
export interface Part<Item> {
  readonly items: ReadonlyArray<Item>
  /** The number of rows in the items. */
  readonly rows: number
  readonly resume: Streaming.ResumePoint | undefined
  /** Whether this part is the last part of the window. */
  readonly isLast: boolean
}

export interface Reading {
  readonly window: TimeRange.Interval
  /** The key after which the window is read. `undefined` if the window is read from its start. */
  readonly after: KeyValues | undefined
  /** The page size, which all windows of a stream share. */
  readonly size: PageSize
  readonly retry: Streaming.Options["retry"]
}

/**
 * Makes an effect that returns the next part of the window each time it runs. The caller does not
 * run this effect again after the last part.
 */
export const readWindow = <Row, Rows, Item>(
  source: PageSource,
  checked: CheckedStream<Row>,
  reader: PageReader<Row, Rows, Item>,
  { after: begin, retry, size, window }: Reading
): Effect.Effect<Part<Item>, CallError> => {
  /** The key of the last row that was returned. */
  let after = begin
  /** Rows that were read but not returned yet. All of these rows have the same key. */
  let kept: Kept<Item> = nothing
  /**
   * The number of rows of the current page, if this page is probably the last page of the window,
   * otherwise 0. If the next page is empty, the current page was the last page.
   */
  let likelyEnd = 0
  /**
   * The page size for many rows with the same key, if a page was too small for all of these rows.
   * Otherwise 0.
   */
  let room = 0
  let pages = 0
  const maxPages = maxPagesOf(checked, window)

  const read = (after: KeyValues | undefined): Effect.Effect<Limited<Rows>, CallError> =>
    Effect.suspend(() => {
      pages++
      if (pages > maxPages) return Effect.fail(endless(checked, maxPages))
      const rows = Math.max(size.rows(), room)
      // A page requests a single row only if a gateway rejects larger pages.
      const limit = rows === 0 ? 1 : rows + 1
      const mayRetry = (error: CallError) => limit === 1 || !asksForTooMuch(error)
      return Effect.matchEffect(
        page(source, checked, reader, { window, after, limit, retry, mayRetry }),
        {
          onSuccess: (found) => {
            size.succeeded()
            return Effect.succeed({ limit, ...found })
          },
          onFailure: (error) =>
            !asksForTooMuch(error)
              ? Effect.fail(error)
              : limit === 1 || room > 0
                ? Effect.fail(stillTooMuch(error, limit))
                : Effect.zipRight(size.failed(rows, error), read(after))
        }
      )
    })

  const handOn = ({ items, key, rows }: Kept<Item>, isLast: boolean): Effect.Effect<Part<Item>> => {
    room = 0
    after = key ?? after
    return Effect.succeed({
      items,
      rows,
      resume: after === undefined ? undefined : { after },
      isLast
    })
  }

  const handOnKept = (isLast: boolean): Effect.Effect<Part<Item>> => {
    const page = kept
    kept = nothing
    return handOn(page, isLast)
  }

  const take = (found: Limited<Rows>): Effect.Effect<Part<Item>, CallError> => {
    const {
      end: { keyBefore, lastKey, lastKeyStart, rowCount },
      limit,
      rows
    } = found
    // The rows in `kept` are returned even if the server has deleted them since they were read.
    if (rowCount === 0) return handOnKept(true)
    kept = {
      items: reader.items(rows, lastKeyStart),
      rows: rowCount - lastKeyStart,
      key: lastKey
    }
    if (rowCount < Math.min(limit, size.cutAt)) likelyEnd = rowCount
    if (lastKeyStart > 0) {
      const items = reader.items(rows, 0, lastKeyStart)
      return handOn({ items, rows: lastKeyStart, key: keyBefore }, false)
    }
    if (likelyEnd > 0) return next
    // If a page consists of a single row, the stream assumes that no other row has the same key.
    if (rowCount === 1) return handOnKept(false)
    room = rowCount * 4
    return rowCount < limit || room > maxRoom ? Effect.fail(sameKey(checked, rowCount)) : next
  }

  const next: Effect.Effect<Part<Item>, CallError> = Effect.suspend(() => {
    if (likelyEnd === 0) return Effect.flatMap(read(after), take)
    return Effect.flatMap(read(kept.key), ({ end }) => {
      if (end.rowCount === 0) return handOnKept(true)
      // The page before was not the last page, so the server had cut it. Some rows with its last
      // key may be missing, so the rows with this key are read again.
      size.cutAt = Math.min(size.cutAt, likelyEnd)
      likelyEnd = 0
      kept = nothing
      return next
    })
  })
  return next
}

interface Limited<Rows> extends Page<Rows> {
  readonly limit: number
}

/** Rows, and the key of the last of these rows. */
interface Kept<Item> extends Pick<Part<Item>, "items" | "rows"> {
  readonly key: KeyValues | undefined
}

const nothing = { items: [], rows: 0, key: undefined }

/** The maximum number of rows of a page for rows with the same key. */
const maxRoom = 1_000_000

/**
 * The maximum number of pages of a window. A server may return only a few rows per page, but must
 * not send pages without end.
 */
const maxPagesOf = <Row>(checked: CheckedStream<Row>, window: TimeRange.Interval): number => {
  const rows = rowsAtMost(checked, [window])
  return rows === undefined ? 100_000 : Math.max(1_000, 4 * rows)
}

const endless = <Row>({ query: { table } }: CheckedStream<Row>, maxPages: number): DecodeError =>
  new DecodeError({
    reason: "WrongPage",
    problem: `A window of the stream of ${table.name} has not ended after ${maxPages} pages`,
    hint: "Check that the server applies the time filter, or pass a shorter window",
    table: table.name,
    expected: `at most ${maxPages} pages`,
    found: "one more"
  })

const sameKey = <Row>({ key, query: { table } }: CheckedStream<Row>, count: number): QueryError =>
  new QueryError({
    reason: "InvalidValue",
    table: table.name,
    problem: `At least ${count} rows of ${table.name} have the same ${key.map(({ name }) => name).join(", ")}, and the server may have left out more`,
    hint: "Mark more columns with Column.key, so that each row has its own key"
  })

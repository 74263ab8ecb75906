/**
 * A running stream. Several windows are requested at a time, and the pages of each window one after
 * the other.
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type { CallError } from "../../MetricsError.js"
import type { Query } from "../../Query.js"
import type * as Streaming from "../../Streaming.js"
import { check } from "./check.js"
import type { PageReader, PageSource } from "./page.js"
import { makePageSize } from "./pageSize.js"
import { type Part, readWindow } from "./window.js"

/** Returns the reader of a stream's pages, or fails if the reader cannot read the query. */
export type ReaderOf<Row, Rows, Item> = (
  query: Query<Row>
) => Effect.Effect<PageReader<Row, Rows, Item>, CallError>

export interface Run<Item> {
  /** The rows of the next page, or `None` at the end of the stream. */
  readonly rows: Effect.Effect<Chunk.Chunk<Item>, Option.Option<CallError>>
  /** The scope in which the requests in flight run. */
  readonly scope: Scope.CloseableScope
}

export const begin = <Row, Rows, Item>(
  source: PageSource,
  query: Query<Row>,
  options: Streaming.Options,
  readerOf: ReaderOf<Row, Rows, Item>
): Effect.Effect<Run<Item>, CallError> =>
  Effect.gen(function* () {
    const checked = yield* check(query, options)
    const pageReader = yield* readerOf(checked.query)
    const { resumeFrom, windows } = checked
    const left = windows.filter(
      ({ end }) => resumeFrom === undefined || end.epochMillis > resumeFrom.time
    )
    const scope = yield* Scope.make()
    const size = makePageSize(checked.pageSize)
    let progress: Streaming.Progress = {
      done: windows.length - left.length,
      total: windows.length,
      rows: 0,
      resume: resumeFrom === undefined ? undefined : { after: resumeFrom.after }
    }
    /**
     * The part that was returned last. It counts as consumed when the consumer requests more, and
     * not before.
     */
    let inHand: Part<Item> | undefined
    const noteConsumed = Effect.suspend(() => {
      if (inHand === undefined) return Effect.void
      const { isLast, resume, rows } = inHand
      inHand = undefined
      progress = {
        done: progress.done + (isLast ? 1 : 0),
        total: progress.total,
        rows: progress.rows + rows,
        resume: resume ?? progress.resume
      }
      const noted = options.onProgress?.(progress)
      // In JavaScript, `onProgress` can return any value.
      return Effect.isEffect(noted) ? noted : Effect.void
    })

    let startedCount = 0
    /** The windows in flight, in their order. */
    const started: Array<Slot<Item>> = []
    // Starts the next windows. While the consumer reads an earlier window, one page of each of them
    // waits in a slot.
    const start: Effect.Effect<void> = Effect.suspend(() => {
      const window = left[startedCount]
      if (window === undefined || started.length >= checked.concurrency) return Effect.void
      const after = startedCount === 0 ? resumeFrom?.after : undefined
      startedCount++
      const slot = new Slot<Item>()
      started.push(slot)
      const reader = readWindow(source, checked, pageReader, {
        window,
        after,
        size,
        retry: options.retry
      })
      return Effect.zipRight(Effect.forkIn(offerParts(reader, slot), scope), start)
    })
    const rows: Run<Item>["rows"] = Effect.suspend(() => {
      const [slot] = started
      if (slot === undefined) return Effect.fail(Option.none())
      return Effect.flatMap(Effect.mapError(slot.take, Option.some), (part) => {
        inHand = part
        if (part.isLast) started.shift()
        return Effect.zipRight(
          start,
          part.rows > 0 ? Effect.succeed(Chunk.unsafeFromArray(part.items)) : next
        )
      })
    })
    const next = Effect.zipRight(noteConsumed, rows)
    return { rows: Effect.zipRight(start, next), scope }
  })

/** A place for one page between the fiber that reads a window and the consumer. */
class Slot<Item> {
  #page: Exit.Exit<Part<Item>, CallError> | undefined
  /** Resumes the fiber that waits until the slot is filled or emptied. */
  #wake: () => void = nobodyWaits

  // `Deferred` and `Semaphore` would need less code here. But for each page, they allocate memory
  // in the old generation of the heap, so V8 collects the whole heap more often. Measure it with
  // `npm run bench -- columns`.

  /** Puts a page or an error into the slot, after the previous page has been taken. */
  offer(page: Exit.Exit<Part<Item>, CallError>): Effect.Effect<void> {
    return Effect.suspend(() => {
      const previous = this.#page
      if (previous !== undefined) {
        return Effect.zipRight(this.#changeFrom(previous), this.offer(page))
      }
      this.#page = page
      this.#wake()
      return Effect.void
    })
  }

  get take(): Effect.Effect<Part<Item>, CallError> {
    return Effect.suspend(() => {
      const page = this.#page
      if (page === undefined) return Effect.zipRight(this.#changeFrom(page), this.take)
      // An error stays, because no other page follows it.
      if (Exit.isSuccess(page)) this.#page = undefined
      this.#wake()
      return page
    })
  }

  /** Waits until the slot no longer has this page, or, for `undefined`, until it has a page. */
  #changeFrom(page: Exit.Exit<Part<Item>, CallError> | undefined): Effect.Effect<void> {
    return Effect.async<void>((resume) => {
      // A fiber can yield to the other fiber between two steps, so the slot may already have
      // changed.
      if (this.#page !== page) return resume(Effect.void)
      const wake = () => resume(Effect.void)
      this.#wake = wake
      return Effect.sync(() => {
        if (this.#wake === wake) this.#wake = nobodyWaits
      })
    })
  }
}

const nobodyWaits = () => {}

/** Reads a window to its end, and puts each part into the slot. */
const offerParts = <Item>(
  next: Effect.Effect<Part<Item>, CallError>,
  slot: Slot<Item>
): Effect.Effect<void> =>
  Effect.exit(next).pipe(
    Effect.tap((exit) => slot.offer(exit)),
    Effect.flatMap((exit) =>
      Exit.isSuccess(exit) && !exit.value.isLast ? offerParts(next, slot) : Effect.void
    )
  )

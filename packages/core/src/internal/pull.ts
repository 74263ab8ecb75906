/** A query over a range as one stream of rows: windows under way ahead of their turn, each page by page. */
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { CallError } from "../MetricsError.js"
import type * as Pull from "../Pull.js"
import type { Query } from "../Query.js"
import * as TimeRange from "../TimeRange.js"
import { check, checkResume, type Pullable } from "./pullable.js"
import { type Page, type Puller, page } from "./pullPage.js"

/**
 * Of the stream module only what makes a stream is used: running one is for the caller's side, and a page that never pulls
 * shall not load it.
 */
export const stream = <Row>(
  puller: Puller,
  query: Query<Row>,
  options: Pull.Options
): Stream.Stream<Row, CallError> =>
  Stream.suspend(() => {
    let begun: Run<Row> | undefined
    const run = Effect.suspend(() =>
      begun === undefined
        ? Effect.tap(begin(puller, query, options), (run) => {
            begun = run
          })
        : Effect.succeed(begun)
    )
    return Stream.repeatEffectChunkOption(
      Effect.flatMap(Effect.mapError(run, Option.some), (run) => run.rows)
    ).pipe(
      Stream.ensuring(
        Effect.suspend(() =>
          begun === undefined ? Effect.void : Scope.close(begun.scope, Exit.void)
        )
      )
    )
  })

/** A pull under way. */
interface Run<Row> {
  /** The rows of the next page; none where the pull has ended. */
  readonly rows: Effect.Effect<Chunk.Chunk<Row>, Option.Option<CallError>>
  /** Holds the requests under way. */
  readonly scope: Scope.CloseableScope
}

const begin = <Row>(
  puller: Puller,
  query: Query<Row>,
  options: Pull.Options
): Effect.Effect<Run<Row>, CallError> =>
  Effect.gen(function* () {
    const pullable = yield* check(query, options)
    const windows = yield* TimeRange.split(pullable.range, pullable.window)
    const resumeFrom = yield* checkResume(pullable, options.resumeFrom)
    const left = windows.filter(
      ({ end }) => resumeFrom === undefined || end.epochMillis > resumeFrom.time
    )
    const scope = yield* Scope.make()
    let progress: Pull.Progress = {
      done: windows.length - left.length,
      total: windows.length,
      rows: 0,
      resume: options.resumeFrom
    }
    const note = ({ rows, resume }: Page<Row>) =>
      Effect.suspend(() => {
        progress = {
          ...progress,
          done: progress.done + (rows.length === 0 ? 1 : 0),
          rows: progress.rows + rows.length,
          resume: resume ?? progress.resume
        }
        return options.onProgress?.(progress) ?? Effect.void
      })

    let startedCount = 0
    /** The windows under way, in their order. */
    const started: Array<Slot<Row>> = []
    // Each window fills a slot for one page, ahead of its turn.
    const start: Effect.Effect<void> = Effect.suspend(() => {
      const window = left[startedCount]
      if (window === undefined || started.length >= pullable.concurrency) return Effect.void
      const after = startedCount === 0 ? options.resumeFrom : undefined
      startedCount++
      const slot = new Slot<Row>()
      started.push(slot)
      return Effect.zipRight(
        Effect.forkIn(offerPages(puller, pullable, window, after, options, slot), scope),
        start
      )
    })
    const rows: Run<Row>["rows"] = Effect.suspend(() => {
      const [slot] = started
      if (slot === undefined) return Effect.fail(Option.none())
      return Effect.mapError(slot.take, Option.some).pipe(
        Effect.tap(note),
        Effect.flatMap((page) => {
          if (page.rows.length > 0) return Effect.succeed(Chunk.unsafeFromArray(page.rows))
          started.shift()
          return Effect.zipRight(start, rows)
        })
      )
    })
    return { rows: Effect.zipRight(start, rows), scope }
  })

/** Room for one page between the one who asks for them and the one who takes them. */
class Slot<Row> {
  readonly #free = Effect.unsafeMakeSemaphore(1)
  #filled = Deferred.unsafeMake<Page<Row>, CallError>(FiberId.none)

  /** Waits until the page before it has been taken. */
  offer(exit: Exit.Exit<Page<Row>, CallError>): Effect.Effect<void> {
    return Effect.zipRight(
      this.#free.take(1),
      Effect.suspend(() => Deferred.done(this.#filled, exit))
    )
  }

  get take(): Effect.Effect<Page<Row>, CallError> {
    return Effect.suspend(() => Deferred.await(this.#filled)).pipe(
      Effect.zipLeft(
        Effect.suspend(() => {
          this.#filled = Deferred.unsafeMake(FiberId.none)
          return this.#free.release(1)
        })
      )
    )
  }
}

/** Asks page by page. A page that is not full may have been cut by the role's own limit: only an empty one is the last. */
const offerPages = <Row>(
  puller: Puller,
  pullable: Pullable<Row>,
  window: TimeRange.Interval,
  after: Pull.ResumePoint | undefined,
  options: Pull.Options,
  slot: Slot<Row>
): Effect.Effect<void> =>
  Effect.exit(page(puller, pullable, window, after, options)).pipe(
    Effect.tap((exit) => slot.offer(exit)),
    Effect.flatMap((exit) =>
      Exit.isSuccess(exit) && exit.value.rows.length > 0
        ? offerPages(puller, pullable, window, exit.value.resume, options, slot)
        : Effect.void
    )
  )

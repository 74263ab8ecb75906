import { Worker } from "node:worker_threads"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Order, Report } from "./serve.js"

/** A worker thread replied to a question with an error, or did not reply. */
export class WorkerError extends Data.TaggedError("WorkerError")<{
  readonly message: string
  /** The `code` of the error in the thread. */
  readonly code: string | undefined
}> {}

/**
 * A thread that replies to one question at a time, in order. If the thread ends, another thread
 * replaces it.
 */
export interface WorkerThread<Question, Reply> {
  /**
   * Sends a question. Interrupting the effect withdraws a pending question. If the question is
   * already running, it may continue for a second before the thread is stopped.
   */
  readonly ask: (question: Question) => Effect.Effect<Reply, WorkerError>
}

export interface Options {
  /** The module that runs in the thread. It calls `serve`. */
  readonly module: URL
  /** The module's `workerData`. */
  readonly data: unknown
  /** The memory limit of the thread. */
  readonly megabytes?: number
  /** If set, a thread that ended is not replaced. The text is the reason. */
  readonly irreplaceable?: string
}

/** How long a withdrawn question may still run. A new thread also takes about a second to start. */
const graceMilliseconds = 1_000

interface Job<Question, Reply> {
  readonly question: Question
  readonly resume: (result: Effect.Effect<Reply, WorkerError>) => void
}

/**
 * Starts a thread that ends with the scope. Fails if the thread does not start. If a replacement
 * does not start, the pending questions fail.
 */
export const make = <Question, Reply>(
  options: Options
): Effect.Effect<WorkerThread<Question, Reply>, WorkerError, Scope.Scope> =>
  Effect.gen(function* () {
    const thread = new Thread<Question, Reply>(options)
    yield* Effect.acquireRelease(thread.started, () => Effect.promise(() => thread.stop()))
    return { ask: (question) => thread.ask(question) }
  })

class Thread<Question, Reply> {
  readonly #options: Options
  readonly #waiting: Array<Job<Question, Reply>> = []
  #worker: Worker | undefined
  #ready = false
  #running: Job<Question, Reply> | undefined
  #runningSince = 0
  #stopped = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Starts the first thread. */
  get started(): Effect.Effect<void, WorkerError> {
    return Effect.async((resume) => {
      this.#start(resume)
    })
  }

  ask(question: Question): Effect.Effect<Reply, WorkerError> {
    return Effect.async((resume) => {
      const job: Job<Question, Reply> = { question, resume }
      this.#waiting.push(job)
      this.#next()
      return Effect.sync(() => this.#abandon(job))
    })
  }

  /**
   * Ends the thread. An idle thread closes its resources first, and a busy thread is terminated.
   */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#next()
    const worker = this.#worker
    if (worker === undefined) return
    if (this.#running !== undefined || !this.#ready) {
      await worker.terminate()
      return
    }
    await new Promise<void>((resolve) => {
      worker.once("exit", () => resolve())
      worker.postMessage({ _tag: "Close" } satisfies Order<Question>)
    })
  }

  #start(settle: (result: Effect.Effect<void, WorkerError>) => void): void {
    const { data, megabytes, module } = this.#options
    // The thread gets no flags, because some flags of the process, such as --input-type, are not
    // allowed in a thread.
    const worker = new Worker(module, {
      workerData: data,
      execArgv: [],
      ...(megabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: megabytes } })
    })
    this.#worker = worker
    this.#ready = false
    let failure = new WorkerError({ message: "its thread ended", code: undefined })
    worker.on("message", (report: Report<Reply>) => {
      if (this.#worker !== worker) return
      if (report._tag === "Ready") {
        this.#ready = true
        settle(Effect.void)
        this.#next()
        return
      }
      if (report._tag === "Reply") {
        this.#finish(Effect.succeed(report.reply))
        return
      }
      const { code, message } = report
      const error = new WorkerError({ message, code })
      if (this.#ready) this.#finish(Effect.fail(error))
      else failure = error
    })
    worker.on("error", (error) => {
      failure = new WorkerError({ message: `its thread ended: ${error.message}`, code: undefined })
    })
    worker.once("exit", () => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      const running = this.#running
      this.#running = undefined
      running?.resume(Effect.fail(failure))
      const isReplaced = this.#ready && this.#options.irreplaceable === undefined && !this.#stopped
      if (isReplaced) {
        this.#start(() => {})
        return
      }
      // This thread could not start or is not replaced, so no thread will run the pending
      // questions.
      settle(Effect.fail(failure))
      this.#failAll(failure)
    })
  }

  #failAll(failure: WorkerError): void {
    for (const job of this.#waiting.splice(0)) job.resume(Effect.fail(failure))
  }

  #next(): void {
    if (this.#running !== undefined || this.#waiting.length === 0) return
    const { irreplaceable } = this.#options
    if (this.#stopped || (this.#worker === undefined && irreplaceable !== undefined)) {
      const message = irreplaceable ?? "its thread was stopped"
      this.#failAll(new WorkerError({ message, code: undefined }))
      return
    }
    if (this.#worker === undefined) {
      this.#start(() => {})
      return
    }
    if (!this.#ready) return
    const job = this.#waiting.shift()
    if (job === undefined) return
    this.#running = job
    this.#runningSince = performance.now()
    this.#worker.postMessage({ _tag: "Ask", question: job.question } satisfies Order<Question>)
  }

  #finish(result: Effect.Effect<Reply, WorkerError>): void {
    const job = this.#running
    this.#running = undefined
    job?.resume(result)
    this.#next()
  }

  #abandon(job: Job<Question, Reply>): void {
    const index = this.#waiting.indexOf(job)
    if (index >= 0) {
      this.#waiting.splice(index, 1)
      return
    }
    // A thread that cannot be replaced is not terminated. Its question therefore runs to the end.
    if (this.#running !== job || this.#options.irreplaceable !== undefined) return
    const left = graceMilliseconds - (performance.now() - this.#runningSince)
    const timer = setTimeout(() => {
      if (this.#running === job) void this.#worker?.terminate()
    }, left)
    timer.unref()
  }
}

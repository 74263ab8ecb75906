import { parentPort } from "node:worker_threads"

/** The service in a worker thread. It replies to one question at a time. */
export interface Service<Question, Reply> {
  readonly answer: (question: Question) => Promise<Reply>
  /** Memory that moves to the main thread with a reply instead of being copied. */
  readonly transfer?: (reply: Reply) => Array<ArrayBuffer>
  readonly close: () => Promise<void>
}

/** A message to a worker thread. `Close` is the last message. */
export type Order<Question> =
  | { readonly _tag: "Ask"; readonly question: Question }
  | { readonly _tag: "Close" }

/**
 * A message from a worker thread. The first message is `Ready`. After that there is one message for
 * each question.
 */
export type Report<Reply> =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Reply"; readonly reply: Reply }
  | { readonly _tag: "Failure"; readonly message: string; readonly code: string | undefined }

/** Runs in the worker thread until `Close`. An error is reported with its `code`. */
export const serve = async <Question, Reply>(
  open: () => Promise<Service<Question, Reply>>
): Promise<void> => {
  const port = parentPort
  if (port === null) return
  const report = (message: Report<Reply>, transfer: Array<ArrayBuffer> = []): void =>
    port.postMessage(message, transfer)
  try {
    const service = await open()
    port.on("message", (order: Order<Question>) => {
      if (order._tag === "Close") {
        void service.close().finally(() => port.close())
        return
      }
      service.answer(order.question).then(
        (reply) => report({ _tag: "Reply", reply }, service.transfer?.(reply)),
        (error: unknown) => report(failureOf(error))
      )
    })
    report({ _tag: "Ready" })
  } catch (error) {
    report(failureOf(error))
    port.close()
  }
}

const failureOf = (error: unknown): Extract<Report<never>, { readonly _tag: "Failure" }> => ({
  _tag: "Failure",
  message: error instanceof Error ? error.message : String(error),
  code:
    typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
      ? error.code
      : undefined
})

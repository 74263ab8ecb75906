/** What was received, as text. */
import type * as Clock from "effect/Clock"
import * as Either from "effect/Either"
import type { Answer, ReceivedAnswer } from "../HttpExchange.js"

export const toAnswer = ({ body, headers, status }: ReceivedAnswer, clock: Clock.Clock): Answer => {
  const strict = Either.try(() => strictDecoder.decode(body))
  const isUtf8 = Either.isRight(strict)
  return {
    status,
    headers,
    body: isUtf8 ? strict.right : lenientDecoder.decode(body),
    isUtf8,
    receivedAt: clock.unsafeCurrentTimeMillis()
  }
}

// Whole bodies only, so a decoder keeps nothing from one to the next.
const strictDecoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true })
const lenientDecoder = /* @__PURE__ */ new TextDecoder()

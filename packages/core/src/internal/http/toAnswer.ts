/** What was received, as text. */
import type * as Clock from "effect/Clock"
import * as Either from "effect/Either"
import type { Answer, ReceivedAnswer } from "../../HttpExchange.js"

export const toAnswer = ({ body, headers, status }: ReceivedAnswer, clock: Clock.Clock): Answer => {
  const strict = Either.try(() => strictDecoder.decode(body))
  const isUtf8 = Either.isRight(strict)
  // Only its beginning is of use to a message, and each byte that does not fit would make two.
  const text = isUtf8 ? strict.right : lenientDecoder.decode(body.subarray(0, maxDamaged))
  return {
    status,
    headers,
    body: text,
    isUtf8,
    receivedAt: clock.unsafeCurrentTimeMillis()
  }
}

/** In bytes. */
const maxDamaged = 64 * 1024

// Whole bodies only, so a decoder keeps nothing from one to the next.
const strictDecoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true })
const lenientDecoder = /* @__PURE__ */ new TextDecoder()

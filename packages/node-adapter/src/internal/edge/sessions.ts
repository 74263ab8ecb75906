import type * as inNode from "../web/promises.js"
import { noSessions } from "./missing.js"

export const make: typeof inNode.make = () => {
  const refused = () => Promise.reject(noSessions())
  const close = () => Promise.resolve()
  return {
    handle: refused,
    handler: (_request, _response, next) => next(noSessions()),
    session: refused,
    close,
    [Symbol.asyncDispose]: close
  }
}

/**
 * Logs in and shows the token's properties. A program does not need this step, because calls log in
 * by themselves.
 */
import * as TokenProvider from "@innerspace-metrics/core/TokenProvider"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Backend } from "../Backend.js"

export const login = Effect.gen(function* () {
  const { api, sandbox } = yield* Backend
  const tokens = yield* TokenProvider.TokenProvider
  const token = yield* tokens.get
  const scheme = token.header.scheme === undefined ? "" : `${token.header.scheme} `
  const where = Option.isSome(sandbox) ? "a sandbox on this machine" : "the API"
  yield* Console.log(
    [
      `API      ${api.version} at ${api.baseUrl}, ${where}`,
      // A Redacted prints as `<redacted>`, so the token cannot appear in the output.
      `Header   ${token.header.name}: ${scheme}${token.value}`,
      `Expires  ${Option.match(token.expiresAt, {
        onNone: () => "when the API rejects it",
        onSome: DateTime.formatIso
      })}`
    ].join("\n")
  )
})

/** Serves the web page as long as the program runs. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Backend } from "../Backend.js"
import { styled } from "../style.js"
import * as PageServer from "./PageServer.js"
import * as PageSettings from "./PageSettings.js"

/** The first port to try. */
const port = 4173

/**
 * Serves the page, prints its address, and waits until it is interrupted. The page needs a sandbox
 * or the settings of a sign-in. Without them, the function prints what is missing and returns.
 */
export const showPage = (onServed: Effect.Effect<void>) =>
  Effect.gen(function* () {
    const { sandbox } = yield* Backend
    const settings = Option.isSome(sandbox)
      ? Option.some(PageSettings.fromSandbox(sandbox.value))
      : yield* PageSettings.config
    yield* Console.log(`\n${styled("bold", "The web page")}\n${styled("dim", "────────────")}`)
    if (Option.isNone(settings)) {
      yield* Console.log(
        "To see the page with this API, set the Auth0 application for the sign-in:\n" +
          "INNERSPACE_AUTH0_DOMAIN, INNERSPACE_AUTH0_CLIENT_ID and INNERSPACE_AUTH0_AUDIENCE."
      )
      return
    }
    yield* PageServer.bundle
    const address = yield* PageServer.serve(settings.value, port)
    yield* onServed
    yield* Console.log(`${styled("cyan", address)}\n\nCtrl-C stops it.`)
    yield* Effect.never
  }).pipe(Effect.scoped)

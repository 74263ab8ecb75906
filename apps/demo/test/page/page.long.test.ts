import { layer } from "@effect/vitest"
import { House, SharedVisit } from "./Visit.js"
import { figures } from "./visits/figures.js"
import { handling } from "./visits/handling.js"
import { looksOfAllStates } from "./visits/looks.js"
import { secrets } from "./visits/secrets.js"
import { sessions } from "./visits/sessions.js"
import { trouble } from "./visits/trouble.js"

/**
 * All visits share a sandbox, a bundle and a browser, because each of these takes seconds to start.
 */
layer(House.live, { timeout: 120_000 })("the page", (it) => {
  it.layer(SharedVisit.live, { timeout: 120_000 })("in one visit", (it) => {
    figures(it)
    handling(it)
    trouble(it)
  })
  sessions(it)
  secrets(it)
  looksOfAllStates(it)
})

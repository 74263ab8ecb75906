import { layer } from "@effect/vitest"
import { House } from "./Visit.js"
import { figures } from "./visits/figures.js"
import { looksOfAllStates } from "./visits/looks.js"
import { sessions } from "./visits/sessions.js"
import { trouble } from "./visits/trouble.js"

/** One sandbox, one bundle and one browser serve all visits: each costs seconds to start. */
layer(House.live, { timeout: 120_000 })("the page", (it) => {
  figures(it)
  sessions(it)
  trouble(it)
  looksOfAllStates(it)
})

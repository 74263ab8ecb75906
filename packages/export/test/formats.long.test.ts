/** Runs the tests of formats with a server that sends wide numbers as text. */
import { layer } from "@effect/vitest"
import { formats } from "./march/formats.js"
import { sandboxAndClient } from "./support/client.js"

layer(sandboxAndClient({ everyType: true, stringifyNumericTypes: true }))("with text", (it) => {
  formats(it, "text")
})

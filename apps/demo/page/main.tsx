/** Starts the page: settings, sign-in, and one runtime for all panels. */
import "@fontsource-variable/inter/wght.css"
import "./styles/tokens.css"
import "./styles/page.css"
import "./styles/panels.css"
import { effect } from "@preact/signals"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { render } from "preact"
import { App } from "./components/App.js"
import * as Runtime from "./Runtime.js"
import * as Session from "./Session.js"
import * as Settings from "./Settings.js"
import * as View from "./View.js"

const root = document.querySelector("#root")

const start = Effect.gen(function* () {
  const settings = yield* Settings.load
  const session = yield* Session.make(settings)
  const managed = ManagedRuntime.make(Runtime.layer(settings, session))
  const view = View.make(yield* Effect.mapError(managed.runtimeEffect, ({ message }) => message))
  effect(() => {
    const { _tag } = session.state.value
    if (_tag === "SignedIn") view.reload("all")
    else if (_tag === "SignedOut") view.clear()
  })
  effect(() => {
    if (view.needsSignIn.value) session.end()
  })
  addEventListener("online", view.reloadFailed)
  if (root !== null) render(<App session={session} settings={settings} view={view} />, root)
})

Effect.runFork(
  Effect.catchAll(start, (problem) =>
    Effect.sync(() => {
      if (root !== null) render(<p class="notice notice-failure">{problem}</p>, root)
    })
  )
)

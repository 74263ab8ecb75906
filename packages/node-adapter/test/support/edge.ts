/** Makes a bundle for Workers with the promise client, and with a clock that a test can advance. */
import type * as Core from "@innerspace-metrics/core"
import type { building_metrics } from "@innerspace-metrics/core/v1"
import type { createMetricsClient, Options } from "@innerspace-metrics/node-adapter/promise"
import type { Sandbox } from "@innerspace-metrics/sandbox"
import type * as EffectModule from "effect/Effect"
import * as Effect from "effect/Effect"
import type * as OptionModule from "effect/Option"
import type * as RedactedModule from "effect/Redacted"
import * as Redacted from "effect/Redacted"
import { build } from "esbuild"

const program = `
  export { Query, TokenStore } from "@innerspace-metrics/core"
  export { building_metrics } from "@innerspace-metrics/core/v1"
  export { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
  export * as Effect from "effect/Effect"
  export * as Option from "effect/Option"
  export * as Redacted from "effect/Redacted"`

/** What the bundle exports. */
export interface Edge {
  readonly Query: typeof Core.Query
  readonly TokenStore: typeof Core.TokenStore
  readonly building_metrics: typeof building_metrics
  readonly createMetricsClient: typeof createMetricsClient
  readonly Effect: typeof EffectModule
  readonly Option: typeof OptionModule
  readonly Redacted: typeof RedactedModule
}

const ownTime = {
  // All copies of Effect share a clock through the global object, so this bundle gets its own
  // global object.
  globalThis: "edgeTime.globals",
  "Date.now": "edgeTime.now",
  "performance.now": "edgeTime.now",
  "performance.timeOrigin": "0",
  process: "undefined",
  setTimeout: "edgeTime.setTimeout",
  clearTimeout: "edgeTime.clearTimeout"
}

const makeEdge = async (): Promise<Edge> => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    conditions: ["workerd", "worker", "browser"],
    define: ownTime,
    format: "esm",
    platform: "browser",
    write: false
  })
  const text = Buffer.from(outputFiles[0]?.text ?? "").toString("base64")
  return import(`data:text/javascript;base64,${text}`)
}

let made: Promise<Edge> | undefined

/** Returns the bundle. Its clock is `edgeTime`. */
export const edge: Effect.Effect<Edge> = Effect.promise(() => {
  made ??= makeEdge()
  return made
})

export const optionsFor = (sandbox: Sandbox.Service, baseUrl = sandbox.urls.v1): Options => ({
  clientId: sandbox.clientId,
  clientSecret: Redacted.value(sandbox.clientSecret),
  api: "v1",
  baseUrl
})

interface Timer {
  readonly run: () => void
  readonly due: number
  real: NodeJS.Timeout
}

/** A clock with the real time, plus the time by which a test has advanced it. */
class EdgeTime {
  private added = 0
  private timers = new Set<Timer>()

  /**
   * The global object of the bundle. It does not have the values that Effect has added to the real
   * global object.
   */
  readonly globals: unknown = new Proxy(
    {},
    {
      get: (own, name) =>
        Reflect.has(own, name) || String(name).startsWith("effect/")
          ? Reflect.get(own, name)
          : Reflect.get(globalThis, name)
    }
  )

  readonly now = (): number => Date.now() + this.added

  readonly setTimeout = (run: () => void, wait = 0): unknown => {
    // A timer without a wait runs in the next turn of the event loop, also if the clock does not
    // advance.
    if (wait <= 0) return setTimeout(run, 0)
    const timer: Timer = {
      due: this.now() + wait,
      run: () => {
        this.timers.delete(timer)
        run()
      },
      real: setTimeout(() => timer.run(), wait)
    }
    this.timers.add(timer)
    return timer
  }

  readonly clearTimeout = (timer: unknown): void => {
    for (const known of this.timers) {
      if (known !== timer) continue
      clearTimeout(known.real)
      this.timers.delete(known)
    }
  }

  /** Advances the clock, and runs the timers that become due, in the order of their times. */
  readonly advance = (millis: number): Effect.Effect<void> =>
    Effect.promise(async () => {
      this.added += millis
      for (;;) {
        const due = Array.from(this.timers)
          .filter(({ due }) => due <= this.now())
          .sort((one, other) => one.due - other.due)
        if (due.length === 0) break
        for (const timer of due) {
          clearTimeout(timer.real)
          timer.run()
        }
        await nextTurns()
      }
      for (const timer of this.timers) {
        clearTimeout(timer.real)
        timer.real = setTimeout(() => timer.run(), timer.due - this.now())
      }
    })

  /** Drops all timers, as a Worker does when the request that started them ends. */
  readonly dropTimers = (): void => {
    for (const timer of this.timers) clearTimeout(timer.real)
    this.timers.clear()
  }
}

const nextTurns = async () => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
}

export const edgeTime: EdgeTime = new EdgeTime()

Object.assign(globalThis, { edgeTime })

/** The state of the page: the choice in the URL, the place that it selects, and the panels. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import { loadDirectory } from "./load/directory.js"
import { loadFloors } from "./load/floors.js"
import { loadFreshness } from "./load/freshness.js"
import { loadHours } from "./load/hours.js"
import { loadSpaces } from "./load/spaces.js"
import { loadWeeks } from "./load/weeks.js"
import type { Building, Directory } from "./model/Directory.js"
import * as Place from "./model/Place.js"
import * as Selection from "./model/Selection.js"
import type { SeriesByMeasure } from "./model/SeriesByMeasure.js"
import type { Week } from "./model/Week.js"
import * as Panel from "./Panel.js"
import type { Features, Insights } from "./Runtime.js"

/**
 * The data of a panel, and the place to which the data belongs. While the data of the next place is
 * loading, the panel still shows this data.
 */
export interface Of<A> {
  readonly place: Place.Place
  readonly data: A
}

/** The state of the whole page after the directory has been loaded. */
export type Frame =
  | { readonly _tag: "NoBuildings" }
  /** The URL names a building that the person may not see. */
  | { readonly _tag: "NotPermitted"; readonly building: string }
  | { readonly _tag: "NoValues"; readonly building: Building }
  | { readonly _tag: "Place"; readonly place: Place.Place }

export interface View {
  readonly choice: ReadonlySignal<Selection.Choice>
  readonly directory: ReadonlySignal<Directory | undefined>
  readonly frame: Panel.Panel<Frame>
  readonly weeks: Panel.Panel<Of<ReadonlyArray<Week>>>
  readonly hours: Panel.Panel<Of<{ readonly site: number; readonly series: SeriesByMeasure }>>
  readonly floors: Panel.Panel<Of<SeriesByMeasure>>
  readonly spaces: Panel.Panel<Of<{ readonly hasRows: boolean; readonly series: SeriesByMeasure }>>
  /** Changes a part of the choice and loads the data for it. */
  readonly choose: (change: Selection.Choice) => void
  readonly reload: (panel: "all" | PanelName) => void
  /** Loads the failed panels again. */
  readonly reloadFailed: () => void
  /** Whether a panel failed because nobody is signed in any more. */
  readonly needsSignIn: ReadonlySignal<boolean>
  /** Removes all loaded data. */
  readonly clear: () => void
}

export type PanelName = "weeks" | "hours" | "floors" | "spaces"

export const make = (runtime: Runtime.Runtime<Features | Insights>): View => {
  const choice: Signal<Selection.Choice> = signal(Selection.fromUrl(location.search))
  const directory: Signal<Directory | undefined> = signal(undefined)
  const frame: View["frame"] = Panel.make()
  const weeks: View["weeks"] = Panel.make()
  const hours: View["hours"] = Panel.make()
  const floors: View["floors"] = Panel.make()
  const spaces: View["spaces"] = Panel.make()
  const freshness = new Map<number, Place.Freshness>()

  const of =
    (place: Place.Place) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<Of<A>, E, R> =>
      Effect.map(effect, (data) => ({ place, data }))

  const loaders: Readonly<
    Record<PanelName, (place: Place.Place) => Effect.Effect<void, never, Features | Insights>>
  > = {
    weeks: (place) => weeks.show(() => of(place)(loadWeeks(place))),
    hours: (place) => hours.show((onProgress) => of(place)(loadHours(place, onProgress))),
    floors: (place) => floors.show(() => of(place)(loadFloors(place))),
    spaces: (place) => spaces.show(() => of(place)(loadSpaces(place)))
  }

  const findFrame = Effect.gen(function* () {
    const found = directory.peek() ?? (yield* loadDirectory)
    directory.value = found
    const id = Selection.buildingOf(choice.peek(), found)
    if (Option.isNone(id)) {
      return found.buildings.length === 0
        ? ({ _tag: "NoBuildings" } as const)
        : ({ _tag: "NotPermitted", building: choice.peek().building ?? "" } as const)
    }
    const building = found.buildings.find((building) => building.id === id.value)
    if (building === undefined) return { _tag: "NotPermitted", building: String(id.value) } as const
    const known = freshness.get(building.id)
    const fresh =
      known === undefined ? yield* loadFreshness(building, found.everyone) : Option.some(known)
    if (Option.isNone(fresh)) return { _tag: "NoValues", building } as const
    freshness.set(building.id, fresh.value)
    const selection = Selection.resolve(choice.peek(), building.id, found, fresh.value.latest)
    return { _tag: "Place", place: Place.make(selection, building, found, fresh.value) } as const
  })

  const loadAll = Effect.gen(function* () {
    yield* frame.show(() => findFrame)
    const state = frame.state.peek()
    if (state._tag !== "Loaded" || state.value._tag !== "Place") return
    const { place } = state.value
    // Queries that start at the same time are sent as one request.
    yield* Effect.all(
      Object.values(loaders).map((load) => load(place)),
      { batching: true, concurrency: "unbounded", discard: true }
    )
  })

  const fork = Runtime.runFork(runtime)
  const fibers = new Map<string, Fiber.RuntimeFiber<void>>()
  const start = (
    name: "all" | PanelName,
    effect: Effect.Effect<void, never, Features | Insights>
  ) => {
    for (const [other, fiber] of fibers) {
      if (name === "all" || other === name) {
        fibers.delete(other)
        fork(Fiber.interrupt(fiber))
      }
    }
    fibers.set(name, fork(effect))
  }

  const load = () => start("all", loadAll)

  addEventListener("popstate", () => {
    choice.value = Selection.fromUrl(location.search)
    load()
  })

  const panels = { weeks, hours, floors, spaces }
  const names = ["weeks", "hours", "floors", "spaces"] as const
  const reload: View["reload"] = (name) => {
    const state = frame.state.peek()
    if (name === "all" || state.value?._tag !== "Place") load()
    else start(name, loaders[name](state.value.place))
  }

  return {
    choice,
    directory,
    frame,
    weeks,
    hours,
    floors,
    spaces,
    choose: (change) => {
      choice.value = { ...choice.peek(), ...change }
      history.pushState(null, "", Selection.toUrl(choice.peek()))
      // A change of the measure needs no request, because both measures are loaded together.
      if (Object.keys(change).some((key) => key !== "measure")) load()
    },
    reload,
    reloadFailed: () => {
      if (frame.state.peek()._tag === "Failed") load()
      else for (const name of names) if (panels[name].state.peek()._tag === "Failed") reload(name)
    },
    needsSignIn: computed(() =>
      [frame, ...names.map((name) => panels[name])].some(
        ({ state: { value } }) => value._tag === "Failed" && value.failure.needsSignIn
      )
    ),
    clear: () => {
      directory.value = undefined
      freshness.clear()
      for (const panel of [frame, weeks, hours, floors, spaces]) panel.clear()
    }
  }
}

/**
 * The controls that choose what the page shows. Every choice is in the URL. On a telephone, only
 * the choice of the time is always visible, so that the first figure is visible without scrolling.
 */
import type { Granularity } from "@innerspace-metrics/core/Granularity"
import { useSignal } from "@preact/signals"
import * as DateTime from "effect/DateTime"
import { useId } from "preact/hooks"
import * as Place from "../model/Place.js"
import { type Measure, measureOf, measures } from "../model/Selection.js"
import * as Span from "../model/Span.js"
import type { View } from "../View.js"

export const granularityNames: Readonly<Record<Granularity, string>> = {
  PT15M: "quarter hour",
  PT1H: "hour",
  P1D: "day",
  P1W: "week",
  P1M: "month"
}

const unitNames: Readonly<Record<Span.Unit, string>> = {
  week: "Week",
  month: "Month",
  quarter: "Quarter",
  year: "Year"
}

export const Filters = ({ view, place }: { readonly view: View; readonly place: Place.Place }) => {
  const directory = view.directory.value
  const { selection } = place
  const { span } = selection
  const measure = measureOf(view.choice.value)
  const floors = directory?.floors.filter(({ buildingId }) => buildingId === place.building.id)
  const choose = (change: Parameters<View["choose"]>[0]) => view.choose(change)
  const isOpen = useSignal(false)
  const moreId = useId()
  // Values are published in the night after their day. The last published day therefore ends when
  // today begins, by the clock of the API.
  const today = Span.containing(span.unit, DateTime.formatIsoDate(place.freshness.until))
  return (
    <form class="filters" aria-label="What to show" onSubmit={(event) => event.preventDefault()}>
      <button
        type="button"
        class="button filters-toggle"
        aria-expanded={isOpen.value}
        aria-controls={moreId}
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        <span class="filters-choice">
          {[
            Place.nameOf(place),
            place.groupName,
            measures[measure].name,
            `by ${granularityNames[selection.granularity]}`
          ].join(" · ")}
        </span>
        <span>{isOpen.value ? "Close" : "Change"}</span>
      </button>
      <div id={moreId} class="filters-more" data-open={isOpen.value}>
        <Select
          label="Building"
          value={String(place.building.id)}
          options={(directory?.buildings ?? []).map(({ id, name }) => [String(id), name])}
          onChange={(building) => choose({ building, floor: undefined })}
        />
        <Select
          label="Floor"
          value={place.floor === undefined ? "" : String(place.floor.id)}
          options={[
            ["", "Whole building"],
            ...(floors ?? []).map(({ id, name }) => [String(id), name] as const)
          ]}
          onChange={(floor) => choose({ floor: floor === "" ? undefined : floor })}
        />
        <Select
          label="Group"
          value={selection.group}
          options={(directory?.groups ?? []).map(({ id, name }) => [id, name])}
          onChange={(group) => choose({ group })}
        />
        <Radios
          label="Measure"
          name="measure"
          value={measure}
          options={(["OCCUPANCY_MAX", "OCCUPANCY_MEAN"] as const).map((key: Measure) => [
            key,
            measures[key].name
          ])}
          onChange={(measure) => choose({ measure })}
        />
        <Radios
          label="Time"
          name="unit"
          value={span.unit}
          options={Span.units.map((unit) => [unit, unitNames[unit]])}
          onChange={(unit) => {
            const chosen = Span.units.find((each) => each === unit) ?? "month"
            // If the old span contains the last day with values, the new span must contain it too,
            // because later days have no values.
            const date =
              place.freshness.latest < span.end && place.freshness.latest >= span.first
                ? place.freshness.latest
                : span.first
            choose({ span: Span.containing(chosen, date).key })
          }}
        />
        <Select
          label="Granularity of the trend"
          value={selection.granularity}
          options={Span.granularities[span.unit].map((each) => [
            each,
            capitalized(granularityNames[each])
          ])}
          onChange={(granularity) => choose({ granularity })}
        />
      </div>
      <fieldset class="field stepper">
        <legend>Span</legend>
        <div>
          <button
            type="button"
            class="button"
            aria-label="Earlier"
            onClick={() => choose({ span: Span.shift(span, -1).key })}
          >
            ‹
          </button>
          <output>{span.label}</output>
          <button
            type="button"
            class="button"
            aria-label="Later"
            onClick={() => choose({ span: Span.shift(span, 1).key })}
          >
            ›
          </button>
          <button
            type="button"
            class="button stepper-today"
            disabled={span.key === today.key}
            onClick={() => choose({ span: today.key })}
          >
            Today
          </button>
        </div>
      </fieldset>
    </form>
  )
}

interface Choice {
  readonly label: string
  readonly value: string
  /** The values of the options, each with the name that people see. */
  readonly options: ReadonlyArray<readonly [value: string, name: string]>
  readonly onChange: (value: string) => void
}

const Select = ({ label, value, options, onChange }: Choice) => (
  <label class="field">
    <span>{label}</span>
    <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {options.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  </label>
)

const Radios = ({ label, name, value, options, onChange }: Choice & { readonly name: string }) => (
  <fieldset class="field radios">
    <legend>{label}</legend>
    <div>
      {options.map(([key, text]) => (
        <label key={key}>
          <input
            type="radio"
            name={name}
            value={key}
            checked={key === value}
            onChange={() => onChange(key)}
          />
          <span>{text}</span>
        </label>
      ))}
    </div>
  </fieldset>
)

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

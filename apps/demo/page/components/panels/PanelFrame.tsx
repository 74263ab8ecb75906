/**
 * The frame around every figure. It has the title and the headline, the states such as loading, the
 * table and the exports, and a footer that describes the data.
 */
import type { ComponentChildren } from "preact"
import { useId, useRef, useState } from "preact/hooks"
import { download } from "../../export/download.js"
import { toPng } from "../../export/png.js"
import * as Theme from "../../figures/Theme.js"
import * as Place from "../../model/Place.js"
import { type Table, toCsv } from "../../model/Table.js"
import * as words from "../../model/words.js"
import type { Panel } from "../../Panel.js"
import type { Of } from "../../View.js"
import { DataTable } from "../DataTable.js"
import { FailureNotice } from "../FailureNotice.js"
import { LoadingNotice } from "../LoadingNotice.js"

/** How a panel shows its data. */
export interface Shown {
  /** The most important number, such as `38 of 120 seats`. */
  readonly headline: string
  /** Undefined if there is nothing to draw; `empty` then says why. */
  readonly figure: ComponentChildren | undefined
  readonly empty?: Empty
  readonly legend?: ComponentChildren
  readonly table: () => Table
  /**
   * The table for the CSV file. It has the same style for every figure: a row for each value,
   * column names in lower case, times as local time and in UTC, numbers without formatting, and the
   * reason for each missing value.
   */
  readonly file: () => Table
  /** A text at the end of the footer. */
  readonly note?: string
}

/** Why there is no figure, and what to do. */
export interface Empty {
  readonly title: string
  readonly hint: string
}

/**
 * The texts for a time that is not published yet, so that it does not look like a time without
 * values.
 */
export const notPublished = (place: Place.Place): Empty => ({
  title: "This time has not been published yet.",
  hint: `Values are published every night. The last published day is ${words.day(place.freshness.latest)}.`
})

/** The table and the file of a panel without a figure. */
export const noTable: Pick<Shown, "table" | "file"> = {
  table: () => ({ columns: [], rows: [] }),
  file: () => ({ columns: [], rows: [] })
}

interface Properties<A> {
  readonly title: string
  /** The name of the exported files. */
  readonly name: string
  readonly panel: Panel<Of<A>>
  readonly onRetry: () => void
  readonly show: (of: Of<A>) => Shown
}

export const PanelFrame = <A,>({ title, name, panel, onRetry, show }: Properties<A>) => {
  const titleId = useId()
  const body = useRef<HTMLDivElement>(null)
  const [isTable, setIsTable] = useState(false)
  const state = panel.state.value
  const of = state.value
  const shown = of === undefined ? undefined : show(of)
  const footer = of === undefined ? "" : footerOf(of.place, shown?.note)
  const hasFigure = shown?.figure !== undefined

  const exportCsv = () => {
    if (shown === undefined) return
    const csv = toCsv(shown.file())
    download(`${fileName(name, of)}.csv`, new Blob([csv], { type: "text/csv;charset=utf-8" }))
  }
  const exportPng = async () => {
    const figure = body.current?.querySelector<SVGElement>(".figure > svg, .figure > figure > svg")
    if (figure == null || shown === undefined) return
    const caption = { title, headline: shown.headline, footer }
    download(`${fileName(name, of)}.png`, await toPng(figure, caption, Theme.read(figure)))
  }

  return (
    <section
      class={`panel panel-${name}`}
      aria-labelledby={titleId}
      aria-busy={state._tag === "Loading"}
      data-state={state._tag}
    >
      <header class="panel-head">
        <div class="panel-title">
          <h2 id={titleId}>{title}</h2>
          {shown !== undefined && hasFigure && <p class="headline">{shown.headline}</p>}
        </div>
        {hasFigure && (
          <div class="panel-actions">
            <button
              type="button"
              class="button"
              aria-pressed={isTable}
              onClick={() => setIsTable(!isTable)}
            >
              Table<span class="visually-hidden"> of {title}</span>
            </button>
            <button type="button" class="button" onClick={exportCsv}>
              <DownloadIcon />
              CSV<span class="visually-hidden"> of {title}</span>
            </button>
            <button type="button" class="button" onClick={exportPng} disabled={isTable}>
              <DownloadIcon />
              PNG<span class="visually-hidden"> of {title}</span>
            </button>
          </div>
        )}
      </header>
      {state._tag === "Loading" && (
        <LoadingNotice title={title} progress={state.progress} isQuiet={of !== undefined} />
      )}
      {state._tag === "Failed" && !state.failure.needsSignIn && (
        <FailureNotice
          failure={state.failure}
          onRetry={onRetry}
          shown={of?.place.selection.span.label}
        />
      )}
      {shown !== undefined && (
        <div class="panel-body" ref={body}>
          {shown.figure === undefined ? (
            <div class="notice">
              <p class="notice-title">{shown.empty?.title}</p>
              <p>{shown.empty?.hint}</p>
            </div>
          ) : isTable ? (
            <DataTable caption={`${title}. ${footer}`} table={shown.table()} />
          ) : (
            <>
              {shown.figure}
              {shown.legend}
            </>
          )}
        </div>
      )}
      {footer !== "" && <footer class="panel-foot">{footer}</footer>}
    </section>
  )
}

const DownloadIcon = () => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M8 2v8m-3.5-3L8 10.5 11.5 7M3 13.5h10" />
  </svg>
)

const footerOf = (place: Place.Place, note: string | undefined): string =>
  [
    Place.nameOf(place),
    ...(place.isEveryone ? [] : [place.groupName]),
    place.selection.span.label,
    place.building.zone,
    `published up to ${words.day(place.freshness.latest)}`,
    ...(note === undefined ? [] : [note])
  ].join(" · ")

const fileName = (name: string, of: Of<unknown> | undefined): string =>
  of === undefined
    ? name
    : `${name}-${of.place.building.id}-${of.place.floor?.id ?? "all"}-${of.place.selection.span.key}`

/**
 * The types of reports. The errors of datasets contain reports, so this module must not import a
 * module that imports the errors. It imports nothing.
 */

/** Why a span is read. */
export type Reason =
  | "new"
  | "look back"
  | "earlier start"
  | "other query"
  | "refresh"
  | "other columns"

/** The key of a row: the values of its key columns, by name. */
export interface Key {
  readonly [column: string]: string | number | boolean | null
}

/** A value in the form that reports show: an instant, a `bigint` or a `numeric` is text. */
export type Shown = string | number | boolean | null

/** A value that has changed. */
export interface Restated {
  readonly key: Key
  readonly column: string
  readonly before: Shown
  readonly after: Shown
}

/**
 * Consecutive periods in which a series has no row. The rows of a series differ only in the time of
 * their keys. The values of one zone of a floor are a series, for example.
 */
export interface Gap {
  /** The key of the series, without its time. Empty if the part has no row. */
  readonly series: Key
  /** The start of the first period, in UTC. `until` is in UTC too, and exclusive. */
  readonly from: string
  readonly until: string
  readonly periods: number
}

/** The result of a run for one part. */
export interface PartReport {
  readonly part: string
  readonly table: string
  /** The span that was read, in UTC. The end is exclusive. */
  readonly from: string
  readonly until: string
  readonly reason: Reason
  /** Rows that the API returned. */
  readonly read: number
  /** Number of rows that the part has now. */
  readonly rows: number
  readonly added: number
  /** Values that have changed. */
  readonly restated: number
  /** Rows that the API no longer has. */
  readonly withdrawn: number
  /** New rows for periods up to the last period that was already stored. */
  readonly late: number
}

/** An entry of a report, with the table and the part to which it belongs. */
export type Of<A> = A & { readonly table: string; readonly part: string }

/**
 * What a run has done. Each list has at most 10,000 entries; `counts` has the complete numbers. All
 * restated, late and withdrawn rows are also in Parquet files in the folder `<dataset>.restated`.
 */
export interface Report {
  /** The generation of the manifest: how many changes the dataset has had. */
  readonly generation: number
  readonly parts: ReadonlyArray<PartReport>
  /** Parts that were removed because of `keepMonths`. */
  readonly removed: ReadonlyArray<string>
  /** Rows that are new. */
  readonly added: number
  readonly counts: {
    readonly restated: number
    readonly withdrawn: number
    readonly late: number
  }
  /** Values that have changed, with the values before and after. */
  readonly restated: ReadonlyArray<Of<Restated>>
  /** Rows that the API no longer has. They were removed from the dataset too. */
  readonly withdrawn: ReadonlyArray<Of<{ readonly key: Key }>>
  /**
   * New rows for periods up to the last period that was already stored. `added` counts them too.
   */
  readonly late: ReadonlyArray<Of<{ readonly key: Key }>>
  /** Periods in the spans that this run has read, but after the last row of a part. */
  readonly notPublished: ReadonlyArray<Of<Gap>>
  /**
   * Periods in the spans that this run has read, up to the last row of a part, in which a series
   * has no row.
   */
  readonly notMeasured: ReadonlyArray<Of<Gap>>
}

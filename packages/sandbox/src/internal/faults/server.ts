import type { Fault, Options } from "./Fault.js"
import { make } from "./Fault.js"

/**
 * From this request on, rejects every token and session that was issued before, as if a session had
 * expired in the middle of a stream.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const onTheThirdPage = Fault.expireTokens({ ordinals: [3] })
 * ```
 */
export const expireTokens = (options?: Options): Fault => make({ _tag: "ExpireTokens" }, options)

/**
 * Publishes the rows of a local date again with other values before the response to this request,
 * for example between two pages of a stream. If the rows of the date are not published yet, nothing
 * changes.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const betweenPages = Fault.restate({ date: "2025-05-01", ordinals: [2] })
 * ```
 */
export const restate = (options: Options & { readonly date: string }): Fault =>
  make({ _tag: "Restate", date: options.date }, options)

/**
 * Removes or renames a column in the schema and the responses. Without a schedule, the fault
 * applies to every request until the faults are cleared. A generation without that column responds
 * as usual.
 *
 * @example
 * ```ts
 * import { Fault } from "@innerspace-metrics/sandbox"
 *
 * const removed = Fault.columnGone({ table: "building_features", column: "feature_value" })
 * const renamed = Fault.columnGone({
 *   table: "BUILDING_INSIGHTS",
 *   column: "OCCUPANCY_MEAN",
 *   renamedTo: "OCCUPANCY_AVERAGE"
 * })
 * ```
 */
export const columnGone = (
  options: Omit<Options, "target"> & {
    readonly table: string
    readonly column: string
    readonly renamedTo?: string
  }
): Fault =>
  make(
    {
      _tag: "ColumnGone",
      table: options.table,
      column: options.column,
      ...(options.renamedTo === undefined ? {} : { renamedTo: options.renamedTo })
    },
    isScheduled(options) ? options : { ...options, times: "always" }
  )

const isScheduled = ({ chance, during, ordinals, times }: Options): boolean =>
  [chance, during, ordinals, times].some((given) => given !== undefined)

/** The report of a run, built from the results of its parts. */
import type * as Dataset from "../../Dataset.js"
import type { Manifest } from "../store/manifest.js"
import type { Done } from "./update.js"

/**
 * Maximum number of entries in each list of a report. Further restated, late and withdrawn rows are
 * only counted in the report. The files of restated rows have all of them.
 */
const most = 10_000

export const reportOf = (
  manifest: Manifest,
  done: ReadonlyArray<Done>,
  removed: ReadonlyArray<string>
): Dataset.Report => {
  const parts = done.map(
    ({ added, late, read, restated, rows, task, withdrawn }): Dataset.PartReport => ({
      part: task.path,
      table: task.definition.name,
      from: new Date(task.from).toISOString(),
      until: new Date(task.until).toISOString(),
      reason: task.reason,
      read,
      rows,
      added,
      restated: restated.length,
      withdrawn: withdrawn.length,
      late: late.length
    })
  )
  const list = <A>(of: (part: Done) => ReadonlyArray<A>) => {
    const all: Array<A & { readonly table: string; readonly part: string }> = []
    for (const part of done) {
      const { definition, path } = part.task
      for (const entry of of(part)) {
        if (all.length === most) return all
        all.push({ table: definition.name, part: path, ...entry })
      }
    }
    return all
  }
  const count = (of: (part: Dataset.PartReport) => number) =>
    parts.reduce((sum, part) => sum + of(part), 0)
  const keys = (of: (part: Done) => Done["late"]) =>
    list((part) => of(part).map((key) => ({ key })))
  return {
    generation: manifest.generation,
    parts,
    removed,
    added: count(({ added }) => added),
    counts: {
      restated: count(({ restated }) => restated),
      withdrawn: count(({ withdrawn }) => withdrawn),
      late: count(({ late }) => late)
    },
    restated: list(({ restated }) => restated),
    withdrawn: keys(({ withdrawn }) => withdrawn),
    late: keys(({ late }) => late),
    notPublished: list(({ gaps }) => gaps.notPublished),
    notMeasured: list(({ gaps }) => gaps.notMeasured)
  }
}

/**
 * Prints the matrix. There is one line for each row and persistence. The wrong outcomes follow
 * below the line.
 */
import { type Cell, isRight } from "./cell.js"
import { operations } from "./operations.js"

export const report = (cells: ReadonlyArray<Cell>): string => {
  const [first] = cells
  if (first === undefined) return ""
  const lines = (["once", "stays"] as const).map((persistence) => {
    const outcomes = operations.map((operation) => {
      const came = cells
        .filter((cell) => cell.operation === operation && cell.persistence === persistence)
        .map(({ came }) => came)
      return `${operation}: ${[...new Set(came)].join(" or ")}`
    })
    return `${first.row.name}, ${persistence}\n  ${outcomes.join("\n  ")}`
  })
  return [...lines, ...cells.filter((cell) => !isRight(cell)).map(wrong)].join("\n")
}

/** A cell with a wrong outcome, on one line. */
export const wrong = (cell: Cell): string =>
  `WRONG: ${cell.row.name}, ${cell.persistence}, ${cell.operation}, ${cell.face.name}: ` +
  [
    ...(cell.came === cell.expected ? [] : [`${cell.came}, expected ${cell.expected}`]),
    ...cell.problems
  ].join("; ")

export const summary = (cells: ReadonlyArray<Cell>, seconds: number): string => {
  const count = (property: (cell: Cell) => string) => new Set(cells.map(property)).size
  const failures = cells.filter((cell) => !isRight(cell))
  const inRows = cells.filter(({ came }) => came === "rows").length
  return [
    `${cells.length} cells: ${count(({ row }) => row.name)} faults, once and persistent; ` +
      `${count(({ operation }) => operation)} operations; ${count(({ face }) => face.name)} clients`,
    `${inRows} ended with the right rows, ${cells.length - inRows} with an error, ` +
      `${failures.length} otherwise than expected`,
    `${seconds.toFixed(0)} seconds on Node ${process.version}`
  ].join("\n")
}

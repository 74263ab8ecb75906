/** Draws progress as a line. */

/** The data of the line: how much is done, the total, and the text after the bar. */
export interface ProgressBar {
  readonly done: number
  readonly total: number
  readonly text: string
}

const width = 32

/** Draws a bar of fixed width. The bar is full only at the end. */
export const progressBar = ({ done, total, text }: ProgressBar): string => {
  const full = Math.floor((width * done) / Math.max(total, 1))
  return `${"█".repeat(full)}${"░".repeat(width - full)}  ${text}`
}

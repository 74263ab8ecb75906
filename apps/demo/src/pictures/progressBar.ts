/**
 * How far something has come, as a line.
 */

/** The line's parts: how much is done of how much, and what to write behind the bar. */
export interface ProgressBar {
  readonly done: number
  readonly total: number
  readonly text: string
}

const width = 32

/** A bar of a fixed width. It is full only when all is done. */
export const progressBar = ({ done, total, text }: ProgressBar): string => {
  const full = Math.floor((width * done) / Math.max(total, 1))
  return `${"█".repeat(full)}${"░".repeat(width - full)}  ${text}`
}

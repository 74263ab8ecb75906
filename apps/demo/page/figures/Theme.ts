/**
 * The colours of figures, read from the page's style sheet, so that they follow light and dark.
 */

export interface Theme {
  readonly surface: string
  readonly text: string
  readonly muted: string
  readonly line: string
  /** Of a measured value. */
  readonly data: string
  /** Of the one value that a figure points at. */
  readonly accent: string
  /** Of a measured zero. */
  readonly zero: string
  /** From a small to a large value; lightness alone tells them apart. */
  readonly scale: ReadonlyArray<string>
  readonly font: string
}

export const read = (element: Element): Theme => {
  const style = getComputedStyle(element)
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    surface: color("surface"),
    text: color("text"),
    muted: color("text-muted"),
    line: color("line"),
    data: color("data"),
    accent: color("accent"),
    zero: color("zero"),
    scale: [1, 2, 3, 4, 5].map((step) => color(`scale-${step}`)),
    font: style.fontFamily
  }
}

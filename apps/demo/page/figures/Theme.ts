/** The colours of figures, read from the page's style sheet for the light or dark scheme. */

export interface Theme {
  readonly surface: string
  readonly text: string
  readonly muted: string
  readonly line: string
  /** The colour of a measured value. */
  readonly data: string
  /** The colour of the value that a figure emphasizes. */
  readonly accent: string
  /** The colour of a measured zero. */
  readonly zero: string
  /** The colours from small to large values. They differ in lightness. */
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

/**
 * Bold and coloured text, on a terminal that shows colours and wherever NO_COLOR does not forbid
 * them.
 */
import { styleText } from "node:util"

/** The names of the styles that the demo uses. */
export type Style = "bold" | "dim" | "cyan" | "green" | "yellow" | "red"

const hasColors = process.stdout.isTTY && process.stdout.hasColors()

/** The text in a style; the bare text where styles are not wanted. */
export const styled = (style: Style, text: string): string =>
  hasColors ? styleText(style, text) : text

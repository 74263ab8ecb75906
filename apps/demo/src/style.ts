/** Bold and coloured text. Text is plain if the terminal supports no colours or NO_COLOR is set. */
import { styleText } from "node:util"

/** The names of the styles that the demo uses. */
export type Style = "bold" | "dim" | "cyan" | "green" | "yellow" | "red"

const hasColors = process.stdout.isTTY && process.stdout.hasColors()

/** The text in a style, or the plain text if colours are off. */
export const styled = (style: Style, text: string): string =>
  hasColors ? styleText(style, text) : text

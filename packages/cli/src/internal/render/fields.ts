/** An object as lines of name and value. */
import type { Output } from "../frame/output.js"
import { printable } from "../frame/output.js"

/** Values are never shortened, because people copy paths and ids. */
export const renderFields = (
  fields: { readonly [name: string]: unknown },
  { hasColor }: Pick<Output, "hasColor">
): string => {
  const shown = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)
  const width = shown.reduce((most, [name]) => Math.max(most, name.length), 0)
  return shown
    .map(([name, value]) => {
      const title = name.padEnd(width)
      const text = printable(typeof value === "object" ? JSON.stringify(value) : String(value))
      return `${hasColor ? `\u001b[1m${title}\u001b[22m` : title}  ${text}\n`
    })
    .join("")
}

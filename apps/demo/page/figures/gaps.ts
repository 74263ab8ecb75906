/**
 * The patterns for times without a value. Each reason has its own pattern, and none looks like a
 * zero.
 */
import type { GapReason } from "@innerspace-metrics/core/Series"
import type { Theme } from "./Theme.js"

const namespace = "http://www.w3.org/2000/svg"

/** The fill of a gap. It works only if the marks of the figure include `definitions`. */
export const fill = (figure: string, reason: GapReason): string => `url(#${figure}-${reason})`

/**
 * A mark of Observable Plot that draws nothing and defines the patterns. Ids are unique in a page,
 * so each figure has its own patterns.
 */
export const definitions = (figure: string, theme: Theme) => (): SVGElement => {
  const definitions = element("defs", {})
  for (const reason of reasons) {
    const pattern = element("pattern", {
      id: `${figure}-${reason}`,
      width: "6",
      height: "6",
      patternUnits: "userSpaceOnUse",
      ...(reason === "NotMeasured" ? { patternTransform: "rotate(45)" } : {})
    })
    pattern.append(element("rect", { width: "6", height: "6", fill: theme.surface }))
    pattern.append(...shapes[reason](theme))
    definitions.append(pattern)
  }
  return definitions
}

const reasons: ReadonlyArray<GapReason> = ["NotMeasured", "NotPublished", "NotPermitted"]

const shapes: Readonly<Record<GapReason, (theme: Theme) => ReadonlyArray<SVGElement>>> = {
  NotMeasured: ({ muted }) => [
    element("line", {
      x1: "0",
      y1: "0",
      x2: "0",
      y2: "6",
      stroke: muted,
      "stroke-width": "2",
      opacity: "0.75"
    })
  ],
  NotPublished: ({ muted }) => [
    element("circle", { cx: "3", cy: "3", r: "0.9", fill: muted, opacity: "0.8" })
  ],
  NotPermitted: ({ muted }) => [
    element("path", { d: "M0 0L6 6M6 0L0 6", stroke: muted, "stroke-width": "1", opacity: "0.75" })
  ]
}

const element = (name: string, attributes: Readonly<Record<string, string>>): SVGElement => {
  const created = document.createElementNS(namespace, name)
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value)
  return created
}

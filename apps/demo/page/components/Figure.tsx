/** A drawing that adapts to the available width and to the light or dark scheme. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import * as Theme from "../figures/Theme.js"

interface Properties {
  /** The text that a screen reader reads instead of the drawing. */
  readonly label: string
  readonly draw: (width: number, theme: Theme.Theme) => SVGElement
  /** When one of these values changes, the figure is drawn again. */
  readonly inputs: ReadonlyArray<unknown>
}

export const Figure = ({ label, draw, inputs }: Properties) => {
  const container = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const isDark = useMediaQuery("(prefers-color-scheme: dark)")

  useEffect(() => {
    const element = container.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  useLayoutEffect(() => {
    const element = container.current
    if (element === null || width === 0) return
    const drawing = draw(width, Theme.read(element))
    // The drawing is one image with one name. Its parts must not have names.
    for (const part of drawing.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label")
    drawing.setAttribute("role", "img")
    drawing.setAttribute("aria-label", label)
    element.replaceChildren(drawing)
    // A scrolling element must be reachable by keyboard.
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0
    else element.removeAttribute("tabindex")
  }, [width, isDark, label, ...inputs])

  return <div class="figure" ref={container} />
}

const useMediaQuery = (query: string): boolean => {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const update = () => setMatches(list.matches)
    list.addEventListener("change", update)
    return () => list.removeEventListener("change", update)
  }, [query])
  return matches
}

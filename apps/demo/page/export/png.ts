/** Exports a figure as a PNG, with its title, headline and footer. */
import type { Theme } from "../figures/Theme.js"

export interface Caption {
  readonly title: string
  readonly headline: string
  readonly footer: string
}

/** Pixels per pixel of the figure, for a sharp picture on paper and on dense screens. */
const density = 2
const padding = 24
const lineHeight = 24

export const toPng = async (figure: SVGElement, caption: Caption, theme: Theme): Promise<Blob> => {
  const { width, height } = figure.getBoundingClientRect()
  const image = await imageOf(figure, width, height)
  const canvas = document.createElement("canvas")
  const top = padding + 2 * lineHeight + 8
  canvas.width = (width + 2 * padding) * density
  canvas.height = (top + height + lineHeight + padding) * density
  const context = canvas.getContext("2d")
  if (context === null) return Promise.reject(new Error("This browser cannot create a canvas"))
  context.scale(density, density)
  context.fillStyle = theme.surface
  context.fillRect(0, 0, canvas.width, canvas.height)
  const write = (text: string, y: number, font: string, color: string) => {
    context.font = `${font} ${theme.font}`
    context.fillStyle = color
    context.fillText(text, padding, y, width)
  }
  write(caption.title, padding + 14, "600 16px", theme.text)
  write(caption.headline, padding + 14 + lineHeight, "14px", theme.muted)
  context.drawImage(image, padding, top, width, height)
  write(caption.footer, top + height + lineHeight, "12px", theme.muted)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) =>
        blob === null
          ? reject(new Error("This browser cannot create a PNG of the figure"))
          : resolve(blob),
      "image/png"
    )
  )
}

const imageOf = async (figure: SVGElement, width: number, height: number) => {
  const copy = figure.cloneNode(true)
  // The clone of an SVG element is an SVG element.
  const svg = copy as SVGElement
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg")
  svg.setAttribute("width", String(width))
  svg.setAttribute("height", String(height))
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`
  await image.decode()
  return image
}

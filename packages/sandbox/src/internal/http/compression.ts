import type { Transform } from "node:stream"
import { constants, createBrotliCompress, createDeflate, createGzip } from "node:zlib"
import type { Encoding } from "../faults/FaultEffect.js"

/**
 * The quality of Brotli's compression. The best quality takes minutes for a body that decompresses
 * to gigabytes. With quality 5, such a body compresses to the same size in much less time.
 */
const brotliQuality = 5

export const compressor = (encoding: Encoding): Transform => {
  switch (encoding) {
    case "gzip":
      return createGzip()
    case "deflate":
      return createDeflate()
    case "br":
      return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } })
  }
}

/**
 * Whether a client accepts an encoding. It does if the header `accept-encoding` contains the
 * encoding's name or `*`, with a weight that is not 0.
 */
export const isAccepted = (encoding: Encoding, acceptEncoding: string | undefined): boolean => {
  const weights = new Map(
    (acceptEncoding ?? "").split(",").map((item) => {
      const [name = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2)
      return [name, weight === undefined ? 1 : Number(weight)] as const
    })
  )
  return (weights.get(encoding) ?? weights.get("*") ?? 0) > 0
}

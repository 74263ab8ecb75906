/**
 * What the app has to give as functions. A text in place of one may be a token, and is not shown.
 */
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"

export const functions = (given: { readonly [name: string]: unknown }) =>
  LayerOptions.check(
    Object.fromEntries(Object.keys(given).map((name) => [name, isFunction] as const)),
    given
  )

export const isFunction: LayerOptions.Kind = [
  (value) => typeof value === "function",
  "a function",
  {}
]

/**
 * What the app has to give as functions. A text in place of one may be a token, and is not shown.
 */
import * as LayerOptions from "@innerspace-metrics/core/LayerOptions"

export const functions = (given: { readonly [name: string]: unknown }) =>
  LayerOptions.check(
    Object.fromEntries(Object.keys(given).map((name) => [name, isFunction] as const)),
    given
  )

const fits = (value: unknown): boolean => typeof value === "function"

const isFunction: LayerOptions.Kinds[string] = [fits, "a function", {}]

export const sourceForm =
  "BrowserTokenProvider.fromAuth0(client), fromCallback(...) or fromSubscribable(...)"

/** A source is a function of the API, so any other function passes here. */
export const isSource: LayerOptions.Kinds[string] = [fits, sourceForm, {}]

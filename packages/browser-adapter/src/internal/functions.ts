/**
 * Checks of the functions that the app must pass. A string in place of one may be a token, and is
 * not shown.
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

/** A source is a function of the API, so this check accepts any function. */
export const isSource: LayerOptions.Kinds[string] = [fits, sourceForm, {}]

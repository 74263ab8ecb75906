/**
 * Checks of the functions that the app must pass. If the app passes a string instead of a function,
 * the error does not show the string, because it may be a token.
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

/**
 * A source is a function that gets the `Api` as its argument. The check accepts any function,
 * because it cannot see what a function returns.
 */
export const isSource: LayerOptions.Kinds[string] = [fits, sourceForm, {}]

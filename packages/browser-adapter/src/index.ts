/**
 * Everything of the browser adapter, one namespace for each module. Promises are in
 * `@innerspace-metrics/browser-adapter/promise`.
 */
export * as BrowserMetrics from "./BrowserMetrics.js"
export * as BrowserTokenProvider from "./BrowserTokenProvider.js"

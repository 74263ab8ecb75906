/**
 * All modules of the browser adapter, as namespaces. The promise client is in
 * `@innerspace-metrics/browser-adapter/promise`.
 */
export * as BrowserMetrics from "./BrowserMetrics.js"
export * as BrowserTokenProvider from "./BrowserTokenProvider.js"

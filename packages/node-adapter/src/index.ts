/**
 * Everything of the Node adapter, one namespace for each module. Promises are in
 * `@innerspace-metrics/node-adapter/promise`.
 */
export * as FileTokenStore from "./FileTokenStore.js"
export * as NodeMetrics from "./NodeMetrics.js"
export * as NodeTokenProvider from "./NodeTokenProvider.js"
export * as UndiciHttpClient from "./UndiciHttpClient.js"

/**
 * The modules of the Node adapter, as namespaces, except for the promise client. The promise client
 * is in `@innerspace-metrics/node-adapter/promise`.
 */
export * as FileTokenStore from "./FileTokenStore.js"
export * as NodeMetrics from "./NodeMetrics.js"
export * as NodeTokenProvider from "./NodeTokenProvider.js"
export * as UndiciHttpClient from "./UndiciHttpClient.js"
export * as WebSessions from "./WebSessions.js"

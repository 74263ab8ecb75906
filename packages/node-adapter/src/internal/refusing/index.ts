/** The names that the package exports, for browser bundles. Each of them fails with an error. */
export * as FileTokenStore from "./FileTokenStore.js"
export * as NodeMetrics from "./NodeMetrics.js"
export * as NodeTokenProvider from "./NodeTokenProvider.js"
export * as UndiciHttpClient from "./UndiciHttpClient.js"
export * as WebSessions from "./WebSessions.js"

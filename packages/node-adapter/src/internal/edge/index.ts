/** The names that the package exports, for Workers and edge functions. */

export * as NodeMetrics from "../../NodeMetrics.js"
export * as NodeTokenProvider from "../../NodeTokenProvider.js"
export * as FileTokenStore from "./FileTokenStore.js"
export * as UndiciHttpClient from "./UndiciHttpClient.js"
export * as WebSessions from "./WebSessions.js"

/** The same names as those of the package, for bundles for browsers: each refuses to work. */
export * as FileTokenStore from "./FileTokenStore.js"
export * as NodeMetrics from "./NodeMetrics.js"
export * as NodeTokenProvider from "./NodeTokenProvider.js"
export * as UndiciHttpClient from "./UndiciHttpClient.js"

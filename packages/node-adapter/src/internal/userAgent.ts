/** How requests name this package: a firewall may refuse those that do not say what sends them. */
import { version } from "./version.js"

/** As of RFC 9110, section 10.1.5. */
export const userAgent = `innerspace-metrics/${version} node/${process.versions.node}`

/** The user agent of requests. A firewall may reject requests without a user agent. */
import { version } from "./version.js"

/** The user agent, in the format of RFC 9110, section 10.1.5. */
export const userAgent = `innerspace-metrics/${version} node/${process.versions.node}`

/** The user agent of requests. A firewall may reject requests without one. */
import { version } from "./version.js"

/** In the format of RFC 9110, section 10.1.5. */
export const userAgent = `innerspace-metrics/${version} node/${process.versions.node}`

/** Bundles the page and serves it. */
import { servePage } from "../page/serve.js"

await servePage("floor-page", { baseUrl: process.env["INNERSPACE_SANDBOX_V2_URL"] })

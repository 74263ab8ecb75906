/** Bundles the page and serves it. */
import { servePage } from "../page/serve.js"

await servePage("vue")

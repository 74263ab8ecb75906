/** Bundles the page and serves it. */
import { svelte } from "@sveltejs/vite-plugin-svelte"
import { servePage } from "../page/serve.js"

await servePage("svelte", { plugins: [svelte({ configFile: false })] })

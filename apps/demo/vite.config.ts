import { fileURLToPath } from "node:url"
import { defineConfig } from "vite"

/** Two pages: the one with Effect, and a small one without. */
export default defineConfig({
  root: fileURLToPath(new URL("page", import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL("dist/site", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // Effect and the charts are most of it, and every part of the page needs them.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: ["index.html", "promise.html"].map((page) =>
        fileURLToPath(new URL(`page/${page}`, import.meta.url))
      )
    }
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } }
})

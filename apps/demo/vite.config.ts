import { fileURLToPath } from "node:url"
import { defineConfig } from "vite"

/** Two pages: one with Effect, and a small one without. */
export default defineConfig({
  root: fileURLToPath(new URL("page", import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL("dist/site", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // Most of the bundle is Effect and the charts, which every part of the page needs.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: ["index.html", "promise.html"].map((page) =>
        fileURLToPath(new URL(`page/${page}`, import.meta.url))
      )
    }
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } }
})

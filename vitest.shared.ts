import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

/** What every package's tests share. They run against the built files, as users do. */
export const testProject = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: [fileURLToPath(new URL("tools/deepEqual.mjs", import.meta.url))],
    // Only what hangs should end this way: a busy machine can take ten times as long, and a first
    // start of the sandbox more.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default", ["json", { outputFile: ".vitest/report.json" }]],
    server: {
      deps: {
        // Node loads the built packages, as it does for users. Loaded by Vite, graphql would be
        // there twice: as the module that Vite picks, and as the one that packages in node_modules
        // import.
        external: [/\/packages\/[^/]+\/dist\//]
      }
    }
  }
})

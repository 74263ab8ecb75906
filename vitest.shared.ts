import { fileURLToPath } from "node:url"
import { configDefaults, defineConfig } from "vitest/config"

// `npm run test:all` sets it. A file that is named on the command line runs in any case.
const runsLong =
  process.env["TEST_ALL"] !== undefined ||
  process.argv.some((argument) => argument.includes(".long."))

/** What every package's tests share. They run against the built files, as users do. */
export const testProject = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: runsLong
      ? configDefaults.exclude
      : [...configDefaults.exclude, "test/**/*.long.test.ts"],
    // In `npm test`, files share a process and the modules that it has loaded: Effect alone takes a
    // second for each file. `npm run test:all` gives each file a process of its own.
    isolate: runsLong,
    setupFiles: [
      "tools/deepEqual.mjs",
      "tools/ownLayers.mjs",
      "tools/realPaths.mjs",
      "packages/core/test/support/fewerCases.ts"
    ].map((file) => fileURLToPath(new URL(file, import.meta.url))),
    // Only what hangs should end this way: a busy machine can take ten times as long, and a first
    // start of the sandbox more.
    testTimeout: 60_000,
    hookTimeout: 120_000,
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

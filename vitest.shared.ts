import { fileURLToPath } from "node:url"
import { configDefaults, defineConfig } from "vitest/config"

// `npm run test:all` sets `TEST_ALL`. A long test file also runs if it is named on the command
// line.
const runsLong =
  process.env["TEST_ALL"] !== undefined ||
  process.argv.some((argument) => argument.includes(".long."))

/** The settings that the tests of all packages share. Tests use the built packages, as users do. */
export const testProject = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: runsLong
      ? configDefaults.exclude
      : [...configDefaults.exclude, "test/**/*.long.test.ts"],
    // In `npm test`, test files share a process and its loaded modules, because each file would
    // otherwise need a second to load Effect. In `npm run test:all`, each file has its own process.
    isolate: runsLong,
    setupFiles: [
      "tools/deepEqual.mjs",
      "tools/ownLayers.mjs",
      "tools/realPaths.mjs",
      "packages/core/test/support/fewerCases.ts"
    ].map((file) => fileURLToPath(new URL(file, import.meta.url))),
    // Only a test that hangs should reach these limits. A busy machine can take ten times as long
    // as usual, and longer for the first start of a sandbox.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    server: {
      deps: {
        // Node loads the built packages, as it does for users. If Vite loaded them, graphql would
        // be loaded twice: once as the module that Vite selects, and once as the module that
        // packages in node_modules import.
        external: [/\/packages\/[^/]+\/dist\//]
      }
    }
  }
})

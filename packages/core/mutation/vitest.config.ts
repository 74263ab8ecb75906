/** Runs tests against the sources, where the mutants are. `run.mjs` selects the tests. */
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const source = fileURLToPath(new URL("../src", import.meta.url))

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  resolve: {
    alias: [
      { find: /^@innerspace-metrics\/core\/(.*)$/, replacement: `${source}/$1.ts` },
      // The imports of the package that begin with `#` name built files, which the copy does not
      // have.
      {
        find: "#exchangesOverHttpClient",
        replacement: `${source}/internal/http/loadPlatformClient.node.ts`
      },
      { find: "#buildByShape", replacement: `${source}/internal/query/shapes/byShape.node.ts` },
      { find: "#remember", replacement: `${source}/internal/scalar/remember.node.ts` },
      {
        find: "#warnOfOtherEffect",
        replacement: `${source}/internal/warnings/otherEffect.node.ts`
      },
      { find: "#loaders", replacement: `${source}/internal/lazy/loaders.node.ts` },
      { find: "#optionForms", replacement: `${source}/internal/options/forms.node.ts` }
    ]
  },
  test: {
    include: [
      "mutation/loads.test.ts",
      ...(process.env["MUTATION_TESTS"] ?? "**/*").split(",").map((name) => `test/${name}.test.ts`)
    ],
    setupFiles: [
      fileURLToPath(new URL("properties.ts", import.meta.url)),
      process.env["MUTATION_SETUP"] ?? ""
    ],
    // Only a test that hangs should reach this limit. Stryker has its own limit for a mutant.
    testTimeout: 300_000
  }
})
